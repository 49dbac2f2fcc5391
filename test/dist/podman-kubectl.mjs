#!/usr/bin/env node
// Stands in for kubectl, because no API server is available: pods are podman's, on a single node. KUBE_PODMAN: the
// command of podman, as JSON; KUBE_EDIT: a regular expression whose matches are removed from manifests.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const [shell, ...first] = JSON.parse(process.env.KUBE_PODMAN)
const words = process.argv.slice(2)
const podman = (args, options = {}) => spawnSync(shell, [...first, ...args], { encoding: 'utf8', ...options })

function end({ status, stderr }, stdout = '') {
  process.stdout.write(stdout)
  process.stderr.write(status === 0 ? '' : (stderr ?? ''))
  process.exitCode = status ?? 1
}

/** The pod as the API server describes it. */
function pod(name, state) {
  const running = state === 'Running'
  return JSON.stringify({
    metadata: { name, namespace: 'shop' },
    spec: { nodeName: 'node-1' },
    status: {
      phase: running ? 'Running' : 'Pending',
      containerStatuses: [{ state: running ? { running: {} } : { waiting: { reason: 'ContainerCreating' } } }],
    },
  })
}

const [verb, what] = words
if (verb === 'get' && what === 'node') end({ status: 0 }, 'node/node-1\n')
else if (verb === 'create') {
  const edit = process.env.KUBE_EDIT
  const text = readFileSync(0, 'utf8')
  const input = edit === undefined ? text : text.replace(new RegExp(edit, 'm'), '')
  end(podman(['kube', 'play', '--network=none', '-'], { input }), '{}')
} else if (verb === 'get' && what === 'pod') {
  const name = words.find((word, i) => i > 1 && !word.startsWith('-') && !words[i - 1].startsWith('-'))
  const inspected = podman(['inspect', '--format={{.State.Status}}', name.startsWith('ksys-') ? `${name}-ksys` : name])
  end(
    inspected,
    inspected.status === 0 ? pod(name, inspected.stdout.trim() === 'running' ? 'Running' : inspected.stdout) : '',
  )
} else if (verb === 'exec') {
  const at = words.indexOf('--')
  end(podman(['exec', '-i', `${words[at - 3]}-ksys`, ...words.slice(at + 1)], { stdio: 'inherit' }))
} else if (verb === 'delete') end(podman(['pod', 'rm', '--force', '--time=0', words[4]]))
else end({ status: 1, stderr: `error: unknown command ${words.join(' ')}\n` })
