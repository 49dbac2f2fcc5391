// Which files count as secrets.
import { expect, test } from 'vitest'
import { SECRET_KINDS, secretKind } from '../../../src/report/secrets.js'

/** One path of each kind at least. */
const SECRETS: readonly (readonly [kind: string, path: string])[] = [
  ['SSH key', '/root/.ssh/id_rsa'],
  ['SSH key', '/home/ada/.ssh/work'],
  ['SSH key of the host', '/etc/ssh/ssh_host_ed25519_key'],
  ['password hashes', '/etc/shadow'],
  ['password hashes', '/etc/gshadow-'],
  ['rules of sudo', '/etc/sudoers.d/ada'],
  ['cloud credentials', '/home/ada/.aws/credentials'],
  ['cloud credentials', '/root/.config/gcloud/application_default_credentials.json'],
  ['cloud credentials', '/root/.azure/msal_token_cache.json'],
  ['Kubernetes credentials', '/root/.kube/config'],
  ['Kubernetes credentials', '/etc/kubernetes/admin.conf'],
  ['Kubernetes credentials', '/var/run/secrets/kubernetes.io/serviceaccount/token'],
  ['secret of a container', '/run/secrets/db_password'],
  ['registry credentials', '/root/.docker/config.json'],
  ['token of a package manager', '/home/ada/.npmrc'],
  ['token of a package manager', '/home/ada/.cargo/credentials.toml'],
  ['token of a code host', '/root/.git-credentials'],
  ['token of a code host', '/root/.netrc'],
  ['token of a coding agent', '/root/.claude/.credentials.json'],
  ['settings with secrets', '/app/.env'],
  ['settings with secrets', '/app/.env.production'],
  ['vault token', '/root/.vault-token'],
  ['database password', '/home/ada/.pgpass'],
  ['PGP key', '/root/.gnupg/private-keys-v1.d/A.key'],
  ['private key', '/etc/ssl/private/site.pem'],
  ['private key', '/app/tls/server.key'],
  ['passwords of a browser', '/home/ada/.mozilla/firefox/x.default/logins.json'],
  ['passwords of a browser', '/home/ada/.config/google-chrome/Default/Login Data'],
  ['password store', '/home/ada/.password-store/mail.gpg'],
  ['wallet', '/home/ada/.bitcoin/wallet.dat'],
  ['command history', '/root/.bash_history'],
  ['environment or memory of another process', '/proc/1/environ'],
]

test.each(SECRETS)('%s: %s', (kind, path) => expect(secretKind(path)).toBe(kind))

test('each kind has an example', () => {
  expect(new Set(SECRETS.map(([kind]) => kind))).toEqual(new Set(SECRET_KINDS))
})

test.each([
  '/root/.ssh/id_rsa.pub',
  '/root/.ssh/known_hosts',
  '/root/.ssh/config',
  '/etc/passwd',
  '/etc/ssl/certs/ca-certificates.crt',
  '/app/.env.example',
  '/app/src/environment.ts',
  '/app/keys.ts',
  '/usr/lib/python3/dist-packages/certifi/cacert.pem',
  '/proc/1/status',
  '/proc/self/environ',
])('%s is none', (path) => expect(secretKind(path)).toBeUndefined())
