// Where secrets lie: files with keys, passwords and tokens, by their paths. Sources: the manuals of the programs that write them.

/** Files of one kind. */
interface SecretKind {
  readonly kind: string
  /** tested with the absolute path */
  readonly path: RegExp
  /** files that the pattern matches and that contain no secret */
  readonly not?: RegExp
}

/** In this order: the first that matches names the kind. */
const KINDS: readonly SecretKind[] = [
  { kind: 'SSH key', path: /\/\.ssh\/(?!known_hosts|config$|authorized_keys|environment$|rc$)[^/]+$/, not: /\.pub$/ },
  { kind: 'SSH key of the host', path: /^\/etc\/ssh\/ssh_host_[^/]*_key$/ },
  {
    kind: 'password hashes',
    path: /^\/etc\/(g?shadow-?|security\/opasswd|master\.passwd)$|^\/var\/lib\/sss\/db\/cache_/,
  },
  { kind: 'rules of sudo', path: /^\/etc\/sudoers(\.d\/.|$)/ },
  {
    kind: 'cloud credentials',
    path: /\/\.aws\/(credentials|config|sso\/cache\/.|cli\/cache\/.)|\/(\.config\/gcloud|gcloud)\/(credentials\.db|access_tokens\.db|application_default_credentials\.json|legacy_credentials\/.)|\/\.azure\/(accessTokens\.json|msal_token_cache\.|service_principal_entries\.)|\/\.(oci\/(config|.*\.pem)|aliyun\/config\.json|bluemix\/config\.json|ibmcloud\/config\.json|scw\/config|linode-cli)$|\/\.config\/(doctl\/config\.yaml|hcloud\/cli\.toml|scw\/config\.yaml|fly\/config\.yml)$|\/\.(fly|wrangler)\/config\/|\/\.s3cfg$|\/\.boto$|\/rclone\.conf$/,
  },
  {
    kind: 'Kubernetes credentials',
    path: /\/\.kube\/(config|cache\/oidc-login\/.)|^\/etc\/kubernetes\/([^/]+\.conf|pki\/.*\.key)$|^\/(var\/)?run\/secrets\/.*\/serviceaccount\/.*token$|^\/var\/lib\/kubelet\/(kubeconfig|pki\/.)|\/\.talos\/config$|\/etc\/rancher\/k3s\/k3s\.yaml$/,
  },
  { kind: 'secret of a container', path: /^\/(var\/)?run\/secrets\/./ },
  { kind: 'registry credentials', path: /\/\.docker\/config\.json$|\/containers\/auth\.json$|\/\.dockercfg$/ },
  {
    kind: 'token of a package manager',
    path: /\/\.(npmrc|yarnrc(\.yml)?|pypirc|gemrc|gem\/credentials|cargo\/credentials(\.toml)?|m2\/settings(-security)?\.xml|gradle\/gradle\.properties|nuget\/NuGet\.Config|composer\/auth\.json|bundle\/config|terraform\.d\/credentials\.tfrc\.json|terraformrc)$|\/composer\/auth\.json$|\/pypoetry\/auth\.toml$/i,
    not: /^\/usr\//,
  },
  {
    kind: 'token of a code host',
    path: /\/\.git-credentials$|\/\.?git\/credentials$|\/\.config\/(gh\/hosts\.yml|hub|glab-cli\/config\.yml|tea\/config\.yml)$|\/\.(netrc|gitcookies)$|\/_netrc$/,
  },
  {
    kind: 'token of a coding agent',
    path: /\/\.claude\/\.credentials\.json$|\/\.claude\.json$|\/\.codex\/auth\.json$|\/\.gemini\/oauth_creds\.json$|\/\.config\/github-copilot\/(hosts|apps)\.json$|\/\.config\/openai\/|\/\.huggingface\/token$|\/\.cache\/huggingface\/token$/,
  },
  {
    kind: 'settings with secrets',
    path: /\/\.env(\.[\w.-]+)?$|\/\.envrc$|\/secrets\.(ya?ml|json|toml)$|\/wp-config\.php$|\.tfvars(\.json)?$|\.tfstate(\.backup)?$/,
    not: /\.(example|sample|template|dist|defaults?)$/,
  },
  {
    kind: 'vault token',
    path: /\/\.(vault|consul|nomad)-token$|\/\.config\/op\/config$|\/\.config\/sops\/age\/keys\.txt$/,
  },
  {
    kind: 'database password',
    path: /\/\.(pgpass|my\.cnf|mylogin\.cnf|mongorc\.js|rediscli_auth)$|\/etc\/mysql\/debian\.cnf$/,
  },
  { kind: 'PGP key', path: /\/\.gnupg\/(private-keys-v1\.d\/.|secring\.gpg$)/ },
  {
    kind: 'private key',
    path: /^\/etc\/ssl\/private\/.|^\/etc\/letsencrypt\/(archive|live)\/.*privkey|\.(key|p12|pfx|jks|keystore|ppk)$|[-_.]key\.pem$/,
    not: /^\/usr\/|\.pub\.key$/,
  },
  {
    kind: 'passwords of a browser',
    path: /\/(\.mozilla\/firefox|\.thunderbird|\.librewolf)\/.*\/(logins\.json|key[34]\.db|cookies\.sqlite|signons\.sqlite)|\/(google-chrome|chromium|BraveSoftware|microsoft-edge|vivaldi|opera)[^/]*\/.*\/?(Login Data|Cookies|Web Data|Local State)/,
  },
  {
    kind: 'password store',
    path: /\/\.password-store\/.|\/\.local\/share\/(keyrings|kwalletd)\/.|\.kdbx$|\/\.config\/(Bitwarden|1Password)\/./,
  },
  {
    kind: 'wallet',
    path: /\/\.(bitcoin|litecoin|dogecoin|dashcore|zcash)\/.*wallet|\/\.ethereum\/keystore\/.|\/\.electrum\/wallets\/.|\/\.config\/solana\/id\.json$|\/\.config\/(Exodus|Ledger Live|atomic)\/./,
  },
  { kind: 'command history', path: /\/\.(bash|zsh|ash|python|node_repl|psql|mysql|sqlite|rediscli|irb)_?history$/ },
  { kind: 'environment or memory of another process', path: /^\/proc\/\d+\/(task\/\d+\/)?(environ|mem)$/ },
]

/** What kind of secret a file contains, by its absolute path; undefined if it is not known for any. */
export function secretKind(path: string): string | undefined {
  // each pattern needs one of these; most paths contain none
  if (!HINT.test(path)) return undefined
  return KINDS.find((k) => k.path.test(path) && k.not?.test(path) !== true)?.kind
}

const HINT =
  /\/\.|^\/(etc|proc|run|var)\/|secret|gcloud|rclone|auth|wp-config|tfstate|tfvars|netrc|key|jks|p12|pfx|ppk|kdbx|google-chrome|chromium|Brave|edge|vivaldi|opera/i

/** All kinds, for the documentation. */
export const SECRET_KINDS: readonly string[] = KINDS.map((k) => k.kind)
