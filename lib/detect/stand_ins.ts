/** Words that people write where a secret will stand, and the passphrases that other words make. */

import { isWord, wordShare } from "@/lib/detect/language.ts";
import { lettersOf } from "@/lib/letter_signs.ts";

const STAND_INS = new Set(
  ("example examples sample samples demo dummy fake mock mocked stub placeholder changeme change changeit " +
    "changethis todo fixme tbd none null nil undefined empty blank missing unset unknown invalid wrong bad " +
    "incorrect redacted hidden masked removed censored secret secrets password passwd pass passphrase pwd " +
    "token tokens apikey credential credentials test tests testing tester tested foo bar baz qux foobar " +
    "foobarbaz hello world lorem ipsum default defaults something anything whatever value string text yourself " +
    "your yours replace replaceme insert enter put here abc abcd abcde abcdef abc123 xyz qwerty qwertyuiop " +
    "asdf asdfgh letmein hunter user username senha sua seu contrasena clave motdepasse passwort kennwort wachtwoord paswoord parola haslo heslo salasana gebruiker usuario utilisateur benutzer my own some")
    .split(" "),
);

/** Whether a value is made of stand-in words, other words, numbers and single letters alone. */
export function isStandIn(value: string): boolean {
  const parts = value.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z]+/)
    .filter((part) => part.length > 1);
  if (parts.length === 0) return false;
  if (parts.every((part) => STAND_INS.has(part))) return true;
  const letters = value.toLowerCase().replace(/[^a-z]/g, "");
  if (STAND_INS.has(letters)) return true;
  if (value.length > 40 || letters.length < value.length / 2) return false;
  const telling = parts.some((part) => part.length > 2 && STAND_INS.has(part)) ||
    /passw(?:or)?d|secret|token|apikey|hunter2|q1w2e3/.test(value.toLowerCase());
  return telling &&
    parts.every((part) =>
      STAND_INS.has(part) || isWord(part) || part.length < 4 || wordShare(part) > 0.7 ||
      /passw(?:or)?d|secret|token|apikey/.test(part) && part.length < 16
    );
}

/** A value as it reads when digits and signs that look like letters are taken for them. */
export function spelledOut(value: string): string {
  if (value.replace(/[^A-Za-z]/g, "").length < value.length / 2) return "";
  return lettersOf(value.replace(/[\d!@$]+$/, ""));
}

/** Three words and more that are about nothing in particular, as passphrases are made of them. */
export function isPassphrase(value: string): boolean {
  if (value.length > 60 || !/^[A-Za-z]{3,}(?:[-_. ][A-Za-z]{3,}){2,6}$/.test(value)) return false;
  const parts = value.toLowerCase().split(/[-_. ]/);
  return new Set(parts).size >= 3 &&
    parts.filter((part) => part.length >= 4).length >= 3 &&
    !parts.some((part) => STAND_INS.has(part) || TECHNICAL.has(part));
}

/** Words of names, keys, messages and addresses; passphrases are drawn from among many others. */
const TECHNICAL = new Set(
  ("auth authentication authorization login logout signin signup sign account admin root super guest owner member " +
    "reset forgot forgotten change changed update create created delete remove confirm confirmation verify verification " +
    "required optional invalid valid wrong error errors failed failure success missing expired strength weak strong " +
    "input form field fields label button link text view page modal dialog panel control group list item table column " +
    "config configuration setting settings option options param params parameter property properties value values key " +
    "keys name names type types kind file files path url host port server client service services database data " +
    "store storage cache queue topic manager provider handler helper factory builder controller component module " +
    "class method function object instance event action state status mode level flag policy rule role scope access " +
    "encrypted encryption hash hashed hasher salt code encoder encode decode base json yaml xml html http https with without " +
    "from into this that must have has not and the for use using used managed external internal existing shared common " +
    "production staging development local remote public private primary secondary master replica read write only " +
    "application app web api rest graphql mail email phone postgres postgresql mysql mariadb mongo mongodb redis " +
    "rabbit rabbitmq kafka elastic elasticsearch grafana jenkins docker kube kubernetes helm vault azure google amazon aws " +
    "system platform project repository workspace tenant organization company team version release build deploy deployment " +
    "first last new old current previous next min max length number count size time date only bearer basic digest " +
    "org com net java javax spring apache microsoft android").split(" "),
);
