// A container that systemd of a Debian release starts: fast, but without live captures, which need the machine's own pid
// namespace, while systemd needs one of its own.
import { execFileSync, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ran } from '../helpers/ksys.js'
import { debianRoot } from '../kernels/roots.js'
import { PODMAN_ENV as env } from './podman.js'

/** The settings for systemd if cgroups are of the older version. */
const OLD_CGROUPS = 'systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'

const podman = (...args: string[]) => execFileSync('podman', args, { encoding: 'utf8', env }).trim()

export class SystemdContainer {
  private constructor(private readonly id: string) {}

  /**
   * Starts one; files of the folder `shared` are in /mnt. Its root is a layer over the release's, which is unchanged. first: podman's
   * options that select the runtime. Throws if systemd does not start.
   */
  static async start(release: string, shared: string, first: readonly string[]): Promise<SystemdContainer> {
    const tree = await debianRoot(release, ['systemd', 'systemd-sysv', 'dbus'])
    const options = ['--detach', '--privileged', '--systemd=always', '--cgroupns=host', '--network=none']
    const told = ['--env', `SYSTEMD_PROC_CMDLINE=${OLD_CGROUPS}`, '--volume', `${shared}:/mnt:ro`]
    const c = new SystemdContainer(podman(...first, 'run', ...options, ...told, '--rootfs', `${tree}:O`, '/sbin/init'))
    for (let i = 0; i < 300; i++) {
      if (/^(running|degraded)/.test(c.run('systemctl is-system-running').stdout)) return c
      if (podman('inspect', '--format', '{{.State.Running}}', c.id) !== 'true') break
      await sleep(200)
    }
    const said = spawnSync('podman', ['logs', '--tail', '5', c.id], { encoding: 'utf8', env })
    c.remove()
    throw new Error(`systemd of ${release} does not start in a container of podman: ${said.stdout}${said.stderr}`)
  }

  /** Runs a line of a shell in it. */
  run(line: string): Ran {
    const r = spawnSync('podman', ['exec', this.id, 'sh', '-c', line], { encoding: 'utf8', env, timeout: 120_000 })
    return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
  }

  /** Ends it at once: systemd as the first process does not end on the signal that podman sends first. */
  remove(): void {
    try {
      process.kill(Number(podman('inspect', '--format', '{{.State.Pid}}', this.id)), 'SIGKILL')
    } catch {
      // it has exited
    }
    podman('rm', '--force', '--time', '0', this.id)
  }
}
