/** Keys of cryptocurrencies and access to their chains, where whoever holds the key holds the money. */
import { fromBase58Check, toBase58Check } from "../checks/base58.ts";
import { bech32Kind, toBech32 } from "../checks/bech32.ts";
import { byChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, bytes, hex } from "./samples.ts";
import { named } from "./shapes.ts";

const BASE58 = "[1-9A-HJ-NP-Za-km-z]";
const help =
  "Spends everything that its addresses hold. Move the funds to a new wallet at once: a key cannot be revoked.";

/** The same bytes as a wallet writes them: a version, a key, and for a compressed key a one. */
const wif = (seed: number) => toBase58Check(Uint8Array.of(0x80, ...bytes(32, seed), 1));
const xprv = (seed: number) =>
  toBase58Check(
    Uint8Array.of(0x04, 0x88, 0xad, 0xe4, ...bytes(41, seed), 0, ...bytes(32, seed + 1)),
  );

export const rules: readonly Rule[] = [
  {
    id: "bitcoin-extended-private-key",
    name: "Bitcoin extended private key",
    vendor: "Bitcoin",
    severity: "critical",
    confidence: "high",
    keywords: ["xprv", "yprv", "zprv", "tprv"],
    anchor: "keyword",
    pattern: new RegExp(`(?<![A-Za-z0-9])[xyzt]prv${BASE58}{107}(?![A-Za-z0-9])`),
    check: (secret) => ({ keep: fromBase58Check(secret) !== null, reason: "checksum is right" }),
    help,
    docsUrl: "https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki",
    version: 1,
    matches: () => [`key = "${xprv(1)}"`, `seed: ${xprv(3)}\n`],
    ignores: () => [
      `key = "xprv${alnum(107).replaceAll(/[0OIl]/g, "x")}"`,
      "an xprv starts a private key",
    ],
  },
  {
    id: "bitcoin-private-key",
    name: "Bitcoin private key (wallet import format)",
    vendor: "Bitcoin",
    severity: "critical",
    confidence: "high",
    keywords: ["bitcoin", "wif", "privkey", "private_key", "privatekey", "wallet", "btc"],
    pattern: new RegExp(`(?<![A-Za-z0-9+/_-])([5KL]${BASE58}{50,51})(?![A-Za-z0-9+/_=-])`),
    check: (secret) => {
      const payload = fromBase58Check(secret);
      return { keep: payload?.[0] === 0x80, reason: "checksum is right" };
    },
    help,
    docsUrl: "https://en.bitcoin.it/wiki/Wallet_import_format",
    version: 1,
    matches: () => [`BITCOIN_PRIVATE_KEY=${wif(1)}`, `wif: "${wif(2)}"`],
    ignores:
      () => [`bitcoin K${alnum(51).replaceAll(/[0OIl]/g, "x")}`, `bitcoin = "${wif(1).slice(1)}"`],
  },
  named({
    id: "ethereum-private-key",
    name: "Ethereum private key",
    vendor: "Ethereum",
    severity: "critical",
    word: "ethereum|eth_|wallet|deployer|mnemonic|private_?key|metamask|accounts",
    noun: "private_?key|secret_?key|_pk|accounts|priv_?key|private",
    variable: "ETH_PRIVATE_KEY",
    keywords: ["private_key", "privatekey", "private-key", "privkey", "deployer", "ethereum"],
    value: "0x[0-9a-f]{64}",
    help,
    docsUrl: "https://ethereum.org/en/developers/docs/accounts/",
    samples: () => ["0x" + hex(64)],
    ignores: () => [
      // The first account of every local test chain.
      "ETH_PRIVATE_KEY=0xac0974bec39a17e36ba4a6b4d238ff94" + "4bacb478cbed5efcae784d7bf4f2ff80",
    ],
    check: (secret) => ({ keep: !secret.startsWith("0xac0974bec39a17e3") }),
  }),
  {
    id: "nostr-private-key",
    name: "Nostr private key",
    vendor: "Nostr",
    severity: "high",
    confidence: "high",
    keywords: ["nsec1"],
    anchor: "keyword",
    pattern: /(?<![A-Za-z0-9])nsec1[02-9ac-hj-np-z]{58}(?![A-Za-z0-9])/,
    check: (secret) => bech32Kind(secret) === "bech32" ? byChecksum(true) : { keep: false },
    help:
      "Signs in its owner's name for ever. Make a new key and tell your readers: it cannot be revoked.",
    docsUrl: "https://github.com/nostr-protocol/nips/blob/master/19.md",
    version: 1,
    matches: () => {
      const key = toBech32("nsec", Array.from(bytes(52, 3), (byte) => byte & 31));
      return [`NOSTR_KEY=${key}`, `key: "${key}"`];
    },
    ignores: () => [`NOSTR_KEY=nsec1${"q".repeat(58)}`, `key: "npub1${"q".repeat(58)}"`],
  },
  named({
    id: "infura-project-secret",
    name: "Infura (MetaMask) API key or secret",
    vendor: "Infura",
    severity: "medium",
    word: "infura",
    noun: "secret|key|project_?id|\\.io/v3/|token",
    variable: "INFURA_API_KEY",
    value: "[0-9a-f]{32}",
    help:
      "Reads and sends on chains within the owner's quota. Delete it in the developer dashboard.",
    revokeUrl: "https://developer.metamask.io/",
    docsUrl: "https://docs.metamask.io/developer-tools/dashboard/how-to/secure-an-api/",
    samples: () => [hex(32)],
  }),
  {
    id: "infura-address",
    name: "Infura (MetaMask) address with its key",
    vendor: "Infura",
    severity: "medium",
    confidence: "high",
    keywords: [".infura.io/v3/", ".infura.io/ws/v3/"],
    pattern: /\.infura\.io\/(?:ws\/)?v3\/([0-9a-f]{32})(?![A-Za-z0-9])/,
    check: (secret) => ({ keep: new Set(secret).size > 6 }),
    help:
      "Reads and sends on chains within the owner's quota. Delete the key in the developer dashboard.",
    revokeUrl: "https://developer.metamask.io/",
    docsUrl: "https://docs.metamask.io/services/",
    version: 1,
    matches: () => [
      `rpc = "https://mainnet.infura.io/v3/${hex(32)}"`,
      `wss://sepolia.infura.io/ws/v3/${hex(32, 2)}\n`,
    ],
    ignores: () => [
      "https://mainnet.infura.io/v3/YOUR-API-KEY",
      `https://mainnet.infura.io/v3/${"0".repeat(32)}`,
    ],
  },
  {
    id: "alchemy-address",
    name: "Alchemy address with its key",
    vendor: "Alchemy",
    severity: "medium",
    confidence: "high",
    keywords: [".alchemy.com/v2/", ".alchemyapi.io/v2/", ".alchemy.com/nft/"],
    pattern:
      /\.(?:g\.)?alchemy(?:api)?\.(?:com|io)\/(?:v2|nft\/v[23])\/((?:alcht_[A-Za-z0-9]{30}|[A-Za-z0-9_-]{21,32}))(?![A-Za-z0-9_-])/,
    check: (secret) => ({
      keep: /\d/.test(secret) && /[A-Z]/.test(secret) && new Set(secret).size > 9,
    }),
    help: "Reads and sends on chains within the owner's quota. Delete the key in the dashboard.",
    revokeUrl: "https://dashboard.alchemy.com/apps",
    docsUrl: "https://www.alchemy.com/docs/create-an-api-key",
    version: 1,
    matches: () => [
      `rpc = "https://eth-mainnet.g.alchemy.com/v2/${base64url(32)}"`,
      `ALCHEMY=https://polygon-mainnet.g.alchemy.com/v2/alcht_${alnum(30)}\n`,
    ],
    ignores: () => [
      "https://eth-mainnet.g.alchemy.com/v2/your-api-key-goes-in-here",
      "https://eth-mainnet.g.alchemy.com/v2/demo",
    ],
  },
  named({
    id: "etherscan-api-key",
    name: "Etherscan API key",
    vendor: "Etherscan",
    severity: "low",
    word: "(?:ether|bsc|polygon|arbi|base|snow|ftm)scan",
    noun: "key|token",
    variable: "ETHERSCAN_API_KEY",
    keywords: [
      "etherscan",
      "bscscan",
      "polygonscan",
      "arbiscan",
      "basescan",
      "snowscan",
      "ftmscan",
    ],
    value: "[A-Z0-9]{34}",
    help: "Reads chains within the owner's quota. Remove it under API keys.",
    revokeUrl: "https://etherscan.io/myapikey",
    docsUrl: "https://docs.etherscan.io/",
    samples: () => ["K1" + hex(32).toUpperCase()],
  }),
];
