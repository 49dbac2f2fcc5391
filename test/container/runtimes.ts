// Real container runtimes for tests, each with folder, socket and containers of its own (scripts/*.sh).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../helpers/ksys.js'

export type RuntimeName = 'docker' | 'podman' | 'rootless' | 'containerd'

/** The program that starts containers; crun only with podman. */
export type Oci = 'runc' | 'crun'

/** The image that every runtime has: busybox, whose httpd serves /www; one layer, label app=web, GREETING=hello. */
export const WEB_IMAGE = 'ksys.test/web:1.0'

export class Runtime {
  /** its folder; removed by down() */
  readonly dir: string
  readonly socket: string

  private constructor(
    readonly name: RuntimeName,
    private readonly oci: Oci,
    dir: string,
  ) {
    this.dir = dir
    this.socket = join(dir, `${name}.sock`)
  }

  /** Installs what is missing and starts it. Throws with the script's output on failure. */
  static up(name: RuntimeName, oci: Oci = 'runc'): Runtime {
    const runtime = new Runtime(name, oci, mkdtempSync(join(tmpdir(), `ksys-${name}-`)))
    runtime.start()
    return runtime
  }

  /** Starts the daemon again after stopDaemon(); images and containers are retained. */
  start(): void {
    this.script(['up'])
  }

  /** Ends the daemon; containers continue to run (docker: with --live-restore in DOCKERD_OPTIONS). */
  stopDaemon(): void {
    this.script(['stop'])
  }

  /** Its command line (docker, podman, ctr); returns the output, without surrounding white space. */
  cli(...args: string[]): string {
    return this.script(['cli', ...args]).trim()
  }

  /** For a user's podman: puts a container into a cgroup that identifies it where both versions of cgroups are mounted. */
  join(container: string): void {
    this.script(['join', container])
  }

  /** The words that `cli` runs, for callers that run them in another way, with `env`. */
  command(...args: string[]): string[] {
    return ['sh', join(root, 'test/container/scripts', `${this.name}.sh`), 'cli', ...args]
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, D: this.dir, OCI: this.oci }
  }

  /** The option of ksys that names its socket. */
  get options(): string[] {
    return this.name === 'containerd' ? ['--cri', this.socket] : ['--docker-host', `unix://${this.socket}`]
  }

  /** Runs `web` on a port of the loopback interface (of the host); returns its full id. */
  web(name: string, port: number, ...options: string[]): string {
    const command = ['/bin/httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '/www']
    if (this.name !== 'containerd')
      return this.cli('run', '-d', '--name', name, '--network=host', ...options, WEB_IMAGE, ...command)
    this.cli('run', '-d', '--net-host', '--runc-binary', '/usr/sbin/runc', ...options, WEB_IMAGE, name, ...command)
    return name
  }

  /** Removes its containers, ends it and removes its folder. */
  down(): void {
    this.script(['down'])
    rmSync(this.dir, { recursive: true, force: true })
  }

  private script(args: string[]): string {
    const script = join(root, 'test/container/scripts', `${this.name}.sh`)
    const stdio = ['ignore' as const, 'pipe' as const, 'pipe' as const]
    const options = { encoding: 'utf8' as const, env: this.env, stdio, timeout: 110_000 }
    const { status, signal, stdout, stderr, error } = spawnSync('sh', [script, ...args], options)
    if (status === 0) return stdout
    throw new Error(`${this.name} ${args.join(' ')}: ended with ${status ?? signal ?? error?.message}: ${stderr}`)
  }
}

/** Queries a server on the loopback interface until it listens; its response. */
export async function served(port: number): Promise<string> {
  for (let tries = 0; ; tries++)
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`)).text()
    } catch (e) {
      if (tries > 200) throw e
      await new Promise((done) => setTimeout(done, 50))
    }
}

/** A TCP port of the loopback interface that is currently free. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
