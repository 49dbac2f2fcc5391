// The lines of `sh` blocks that `npm run docs` does not run, with the reason. All others are run.

const RELEASE = 'a file of a release: the tests of test/dist install it'
const PACKAGE = 'needs the package of a release'
const CHECKOUT = 'the set-up of a checkout, with which `npm run docs` begins, too'
const UI = 'the terminal UI needs a terminal: the tests of test/tui use it in one'
const CLUSTER = 'needs a cluster: test/unit/cli/kubectl has a stand-in'
const FALCO = 'needs a configuration of Falco: the tests of test/live/rules.test.ts write one'
const FOLDER = 'writes to a folder of the machine: test/live/rotation.test.ts does this in a temporary one'
const SERVER = 'needs a server on another machine: test/live/export.test.ts and test/live/rules.test.ts start one'
const CONTAINER = 'needs the captures of a container over two days: the tests of test/container make them'
const SERVICE = 'needs systemd: the tests of test/dist start the service in a guest'

export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm start -- -r captures/web.ksys   # runs ksys -r captures/web.ksys': CHECKOUT,
  'npm test                            # all tests, as root': 'runs all tests: .ci/run does',
  'xz -d ksys-0.1.0-linux-x64.xz && sudo install ksys-0.1.0-linux-x64 /usr/local/bin/ksys': RELEASE,
  'sudo ksys   # opens the terminal UI; q ends it': UI,
  'sudo apt install ./ksys_0.1.0_amd64.deb': RELEASE,
  'sudo npm install -g ./ksys-0.1.0.tgz': RELEASE,
  'podman load -i ksys-0.1.0-linux-x64.oci.tar': RELEASE,
  'ksys advise seccomp container.name=web -r monday.ksys -r tuesday.ksys -w web.json': CONTAINER,
  'ksys advise seccomp -r monday.ksys -w profiles/      # a file for each workload': CONTAINER,
  'node --jitless "$(command -v ksys)"                       # the package for npm': PACKAGE,
  '/usr/lib/ksys/bin/node --jitless /usr/lib/ksys/bin/ksys   # the package for Debian': PACKAGE,
  'kubectl ksys advise deploy/web -n shop -M 10m': CLUSTER,
  'sudo ksys ui -v containers': UI,
  'ssh HOST sudo ksys --until-eof -w - | ksys -r - --follow -c topconns': 'needs another machine',
  'npm start                    # set up, then run ksys: the terminal UI': UI,
  'npm start -- -n 20           # arguments after -- are those of ksys': CHECKOUT,
  'npm start -- -r captures/web.ksys -c topconns': CHECKOUT,
  'npm start -- --version': CHECKOUT,
  'alias ksys="$PWD/.build/js/src/main.js"': CHECKOUT,
  'ksys --to otlp -w http://collector:4318 evt.failed=true': SERVER,
  'ksys -w /var/lib/ksys/%Y%m%d-%H%M%S.ksys -G 60 --keep 2h --min-free 5% --on-close /usr/local/bin/ship': FOLDER,
  '#!/bin/sh': 'the first line of a script',
  'exec rclone copy "$1" "store:traces/$NODE/"': 'needs a store of the reader',
  'ksys rules --check -c /etc/falco/falco.yaml': FALCO,
  'ksys rules -c /etc/falco/falco.yaml': FALCO,
  'ksys metrics --listen 0.0.0.0:9435 --tls-cert cert.pem --tls-key key.pem --token-file token':
    'opens a port for other machines: test/live/metrics.test.ts uses certificates and tokens on this one',
  'sha256sum --check --ignore-missing SHA256SUMS': RELEASE,
  'ssh-keygen -Y verify -f allowed_signers -I ksys -n ksys-release -s SHA256SUMS.sig <SHA256SUMS': RELEASE,
  'podman run --rm -i --network=none localhost/ksys:0.1.0 -r - -q -S <trace.ksys': RELEASE,
  'sudo systemctl enable --now ksys-record': SERVICE,
  'sudo ksys dump': SERVICE,
  'ksys report --expect .ci/install.json -o install.md -- npm ci': 'needs a project of the reader',
  'gh pr comment --body-file install.md': 'needs a project of the reader',
  'ksys rules -f shells.yaml --output stdout --output file=/var/log/ksys/alerts.txt,priority=warning': FOLDER,
  'ksys rules -f shells.yaml -j --output http=https://alerts.example.com/in,timeout=2s,ca=/etc/ksys/ca.pem': SERVER,
  "ksys record --rules shells.yaml --last 60s --trigger 'rule.name exists' -w /var/log/ksys/alert.ksys": FOLDER,
  'sudo ksys                                   # this machine; the same as: sudo ksys ui': UI,
  'sudo ksys ui -v files proc.name=nginx       # another view, with a filter': UI,
  'ksys ui -r captures/web.ksys                # a trace file; needs no root': UI,
  'ksys -w /var/log/ksys/x-%Y%m%d-%H%M%S.ksys -G 60 --keep 2h --min-free 5%': FOLDER,
}
