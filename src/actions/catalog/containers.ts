// Actions on containers, by runtime.
import type { Action } from '../define.js'

const ID = '{container.id}'
const CHANGES = { changes: true } as const
const QUIET_CHANGE = { changes: true, quiet: true } as const

type More = Partial<Pick<Action, 'changes' | 'quiet'>>

/** An action that uses the client program of runtimes of these types (container.type). */
function runtimeAction(
  program: string,
  types: readonly string[],
  words: readonly string[],
  title: string,
  doc: string,
  more: More = {},
): Action {
  return {
    id: `${program}-${title.replaceAll(' ', '-')}`,
    title,
    doc,
    argv: [program, ...words],
    only: { field: 'container.type', is: types },
    ...more,
  }
}

/** The actions of docker, which podman supports with the same arguments. */
function likeDocker(program: string): Action[] {
  const command = (words: readonly string[], title: string, doc: string, more?: More) =>
    runtimeAction(program, [program], words, title, doc, more)
  return [
    command(['exec', '-i', '-t', ID, '/bin/sh'], 'shell', 'A shell in the container.', CHANGES),
    command(['logs', '--tail', '1000', ID], 'logs', 'The last 1000 lines of its log.'),
    command(['logs', '-f', '--tail', '100', ID], 'logs -f', 'Follows its log, until Ctrl-C.'),
    command(['inspect', ID], 'inspect', 'Its configuration and state.'),
    command(['attach', '--sig-proxy=false', ID], 'attach', 'Its own terminal, until Ctrl-C.', CHANGES),
    command(['history', '{container.image}'], 'image history', 'How its image was built.'),
    command(['stop', ID], 'stop', 'Stops it, and kills it after 10 s.', QUIET_CHANGE),
    command(['kill', ID], 'kill', 'Kills it immediately.', QUIET_CHANGE),
    command(['pause', ID], 'pause', 'Freezes all its processes.', QUIET_CHANGE),
    command(['unpause', ID], 'unpause', 'Resumes all its processes.', QUIET_CHANGE),
    command(['wait', ID], 'wait', 'Waits until it exits, or Ctrl-C, and prints its exit code.'),
  ]
}

/** The actions of crictl, for runtimes used by Kubernetes. */
function likeCrictl(): Action[] {
  const command = (words: readonly string[], title: string, doc: string, more?: More) =>
    runtimeAction('crictl', ['containerd', 'cri-o', 'cri'], words, title, doc, more)
  return [
    command(['exec', '-i', '-t', ID, '/bin/sh'], 'shell', 'A shell in the container.', CHANGES),
    command(['logs', '--tail', '1000', ID], 'logs', 'The last 1000 lines of its log.'),
    command(['logs', '-f', '--tail', '100', ID], 'logs -f', 'Follows its log, until Ctrl-C.'),
    command(['inspect', ID], 'inspect', 'Its configuration and state.'),
    command(['stop', ID], 'stop', 'Stops it; its pod may restart it.', QUIET_CHANGE),
  ]
}

export const CONTAINER_ACTIONS: readonly Action[] = [...likeDocker('docker'), ...likeDocker('podman'), ...likeCrictl()]
