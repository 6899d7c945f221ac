/** What a path says about the text behind it. */

export const PATH_KINDS = [
  "source",
  "config",
  "test",
  "example",
  "documentation",
  "vendored",
  "generated",
  "lock_file",
] as const;
export type PathKind = typeof PATH_KINDS[number];

const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lockb?|deno\.lock|composer\.lock|cargo\.lock|gemfile\.lock|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|pixi\.lock|conda-lock\.yml|go\.sum|go\.work\.sum|mix\.lock|pubspec\.lock|podfile\.lock|packages\.lock\.json|paket\.lock|flake\.lock|package\.resolved|cartfile\.resolved|\.terraform\.lock\.hcl|gradle\.lockfile|buildscript-gradle\.lockfile|chart\.lock|module\.bazel\.lock|rebar\.lock|stack\.yaml\.lock|cabal\.project\.freeze|verification-metadata\.xml)$/;
const VENDORED =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor|vendors|third[_-]?party|thirdparty|3rdparty|external|externals|site-packages|dist-packages|\.yarn\/(?:releases|plugins|cache)|pods|carthage)\//;
const GENERATED =
  /(?:^|\/)(?:dist|target|coverage|__generated__|generated|\.next|\.nuxt|_site|__snapshots__)\/|\.min\.(?:js|css|mjs)$|[.-]bundle\.(?:js|css)$|\.(?:js|css|mjs)\.map$|\.snap$|\.pb(?:\.gw)?\.go$|_pb2?(?:_grpc)?\.(?:py|js|ts|rb)$|\.g\.(?:dart|cs)$|\.generated\.\w+$|\.designer\.cs$|_generated\.go$|zz_generated/;
const TEST =
  /(?:^|\/)(?:tests?|testing|__tests__|__mocks__|mocks?|specs?|fixtures?|test[_-]?data|testdata|test[_-]?fixtures|e2e|integration[_-]?tests?|unit[_-]?tests?|androidtest|cassettes|stubs?|fakes?|testcases?|test[_-]?helpers?|src\/test|\w+[_-]tests?|\w+\.tests?)\/|[._-](?:test|tests|spec|specs|mock|mocks|fixture|fixtures|e2e|cy)\.[a-z]{1,5}$|(?:^|\/)(?:test|tests|mock|spec|conftest|fake)[_-][^/]*\.[a-z]{1,5}$|(?:^|\/)conftest\.py$|tests?\.(?:java|cs|kt|swift|php|scala|groovy)$/;
const EXAMPLE =
  /(?:^|\/)(?:examples?|samples?|demos?|tutorials?|playground|snippets|quickstarts?|cookbook|boilerplate|starter)\/|(?:^|\/|[._-])(?:example|sample|template|dist|tmpl|tpl|demo)(?:\.[a-z0-9]{1,8})?$|\.(?:example|sample|template|tmpl|tpl|dist)(?:\.[a-z0-9]{1,8})?$/;
const DOCUMENTATION =
  /(?:^|\/)(?:docs?|documentation|website\/docs|man|wiki|javadoc|apidocs?)\/|\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|textile|org|pod|tex|rdoc|man|[1-9])$|(?:^|\/)(?:readme|changelog|changes|history|news|contributing|license|licence|copying|authors|security|upgrading)(?:\.[a-z]+)?$/;
const CONFIG =
  /(?:^|\/)(?:\.env(?:[._-][^/]*)?|[^/]*\.env|dockerfile[^/]*|containerfile|jenkinsfile|makefile|procfile|vagrantfile|\.[a-z0-9_-]{1,30}rc|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|\.npmrc|\.pypirc)$|\.(?:ya?ml|toml|ini|cfg|conf|config|properties|props|json|json5|jsonc|xml|plist|tf|tfvars|hcl|env|envrc|settings|cnf|reg|nix|pp|service|desktop|editorconfig|bicep|csproj|pubxml|ovpn|kubeconfig|dockercfg|credentials|prefs|xcconfig|tfstate|pbxproj|gradle|sbt|edn)$/;

/** The first that fits: lock file, vendored, generated, test, example, documentation, config, source. */
export function pathKindOf(path: string): PathKind {
  const lower = path.toLowerCase();
  if (LOCK_FILE.test(lower)) return "lock_file";
  if (VENDORED.test(lower)) return "vendored";
  if (TEST.test(lower)) return "test";
  if (GENERATED.test(lower)) return "generated";
  if (EXAMPLE.test(lower)) return "example";
  if (DOCUMENTATION.test(lower)) return "documentation";
  return CONFIG.test(lower) ? "config" : "source";
}
