// Guests under QEMU: a kernel and an archive, one serial console, no disk and no network. With KVM if a guest responds there,
// otherwise in software.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { answeringArchive } from './initramfs.js'

interface Machine {
  program: string
  options: string[]
  /** emulation of a processor */
  software: string[]
  console: string
}

const MACHINES: Record<Arch, Machine> = {
  amd64: {
    program: 'qemu-system-x86_64',
    options: [],
    // with everything that is emulated (tables of five levels, wide registers) a guest takes a quarter longer
    software: ['-accel', 'tcg,thread=multi', '-cpu', 'Nehalem,+rdrand'],
    console: 'console=ttyS0 no_timer_check random.trust_cpu=on',
  },
  arm64: {
    program: 'qemu-system-aarch64',
    options: ['-M', 'virt,gic-version=3'],
    // the architecture's own algorithm for signed pointers takes most of the time
    software: ['-accel', 'tcg,thread=multi', '-cpu', 'max,pauth-impdef=on'],
    console: 'console=ttyAMA0',
  },
}
const HARDWARE = ['-accel', 'kvm', '-cpu', 'host']

/** The program that emulates that processor. */
export const emulator = (arch: Arch): string => MACHINES[arch].program

export interface GuestOptions {
  arch: Arch
  kernel: string
  archive: string
  /** memory and processors, as QEMU's options */
  machine: readonly string[]
  /** how it is emulated; default: by hardware if possible, else by software on all processors */
  accelerator?: readonly string[]
  seconds: number
  /** it gets the processors when no other program needs them */
  idle: boolean
}

const running = new Set<ChildProcess>()
let ended = false

/** Ends the guests that are still running; no other starts. */
export function endGuests(): void {
  ended = true
  for (const p of running) p.kill('SIGKILL')
}

/** Runs a guest until it powers off, with a limit in seconds; returns the output of its console. */
function consoleOf(o: GuestOptions, accelerator: readonly string[]): Promise<string> {
  const m = MACHINES[o.arch]
  // in an emulator, what protects against leaks between programs takes a tenth of the time
  const line = `${m.console} mitigations=off rdinit=/init panic=-1 quiet nowatchdog rcupdate.rcu_cpu_stall_suppress=1`
  const args = [
    ...[...m.options, ...accelerator, ...o.machine],
    ...['-display', 'none', '-serial', 'stdio', '-monitor', 'none', '-nic', 'none', '-no-reboot', '-nodefaults'],
    ...['-kernel', o.kernel, '-initrd', o.archive, '-append', line],
  ]
  if (ended) return Promise.reject(new Error('the test run has ended'))
  return new Promise((done, failed) => {
    // a test run that is killed leaves no guest behind
    const own = ['--pdeathsig', 'KILL', ...(o.idle ? ['chrt', '--idle', '0'] : []), m.program]
    const p = spawn('setpriv', [...own, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(p)
    const parts: Buffer[] = []
    p.stdout.on('data', (b: Buffer) => parts.push(b))
    p.stderr.on('data', (b: Buffer) => parts.push(b))
    const late = setTimeout(() => p.kill('SIGKILL'), o.seconds * 1000)
    p.on('error', failed)
    p.on('close', () => {
      clearTimeout(late)
      running.delete(p)
      done(Buffer.concat(parts).toString('latin1'))
    })
  })
}

let hardware: Promise<boolean> | undefined

/** Whether guests of this machine's own processor run under KVM: determined once, by one with ten seconds to respond. */
function hasHardware(kernel: string, dir: string): Promise<boolean> {
  hardware ??= (async () => {
    try {
      accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    } catch {
      return false
    }
    const archive = await answeringArchive(dir, HOST_ARCH, 'guest-answers')
    const output = await consoleOf(
      { arch: HOST_ARCH, kernel, archive, machine: ['-m', '512', '-smp', '1'], seconds: 10, idle: false },
      HARDWARE,
    )
    return output.includes('guest-answers')
  })()
  return hardware
}

/** The last lines of a console for the user, without cursor movements. */
function lastLines(said: string): string {
  const plain = said.replace(/\x1b\[[\d;?]*[a-zA-Z]|[^\n\x20-\x7e]/g, '')
  return plain.trim().split('\n').slice(-15).join('\n')
}

/** Runs a guest to its end; returns the folder below `dir` with the results of its steps. */
export async function boot(o: GuestOptions, dir: string): Promise<string> {
  const fast = o.accelerator === undefined && o.arch === HOST_ARCH && (await hasHardware(o.kernel, dir))
  const output = await consoleOf(o, o.accelerator ?? (fast ? HARDWARE : MACHINES[o.arch].software))
  const [, packed] = /RESULTS-BEGIN\s*([A-Za-z0-9+/=\s]*?)RESULTS-END/.exec(output) ?? []
  if (packed === undefined)
    throw new Error(`the guest did not come to its end in ${o.seconds} s; its console:\n${lastLines(output)}`)
  const results = join(dir, 'results')
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  execFileSync('tar', ['-xz', '-C', results], { input: Buffer.from(packed, 'base64') })
  return results
}
