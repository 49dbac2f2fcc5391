// podman with an OCI runtime that can start containers here: its default, crun, refuses machines that mix both versions of cgroups.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const PODMAN_ENV = { ...process.env, PODMAN_IGNORE_CGROUPSV1_WARNING: '1' }

/** podman's options that select a runtime, by preference: the default of this machine, then runc. */
const RUNTIMES: readonly (readonly string[])[] = [[], ['--runtime', 'runc']]

/** The options of podman for containers that start here, or why none starts. */
export type PodmanStart = { readonly options: readonly string[] } | { readonly lacking: string }

/** Starts a container of busybox with one runtime after the other. podman: the command. */
export function podmanStart(podman = 'podman'): PodmanStart {
  const tree = mkdtempSync(join(tmpdir(), 'ksys-podman-'))
  try {
    copyFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim(), join(tree, 'busybox'))
    let lacking = ''
    for (const options of RUNTIMES) {
      const words = ['run', '--rm', '--network=none', '--rootfs', `${tree}:O`, '/busybox', 'true']
      const ran = spawnSync(podman, [...options, ...words], { encoding: 'utf8', env: PODMAN_ENV, timeout: 60_000 })
      if (ran.status === 0) return { options }
      lacking ||= ran.stderr?.trim().split('\n').at(-1) || `podman: ${ran.error?.message ?? ran.signal}`
    }
    return { lacking }
  } catch {
    return { lacking: 'busybox-static is missing' }
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}
