// Stands in for a service manager: a unix datagram socket, with all received messages.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'

const LISTEN = `use IO::Socket::UNIX;
$| = 1;
(my $at = shift) =~ s/^@/\\0/;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $at) or die "$!";
print "listening\\n";
while (defined $socket->recv(my $said, 65536)) { $said =~ s/\\n/ /g; print "$said\\n" }`

export interface Notified {
  /** the datagrams so far, with spaces for line ends */
  messages(): string[]
  /** Waits until one matches. */
  until(pattern: RegExp, times?: number): Promise<void>
  /** It continues to listen, and reads nothing more. */
  pause(): void
  /** Fulfilled when the socket is closed. */
  stop(): Promise<void>
}

/** Listens at a path, or at an abstract address (@name), until the test ends. */
export async function listenAt(address: string): Promise<Notified> {
  const perl = spawn('perl', ['-e', LISTEN, address])
  const done = new Promise((resolve) => perl.on('close', resolve))
  onTestFinished(async () => {
    perl.kill('SIGKILL')
    await done
  })
  let text = ''
  for (const stream of [perl.stdout, perl.stderr])
    stream.on('data', (d) => {
      text += d
    })
  const lines = () => text.split('\n').slice(0, -1)
  const matching = (pattern: RegExp) => lines().filter((l) => pattern.test(l)).length
  const until = async (pattern: RegExp, times = 1) => {
    for (let i = 0; i < 600 && matching(pattern) < times; i++) await sleep(50)
    expect(lines().filter((l) => pattern.test(l)).length, text).toBeGreaterThanOrEqual(times)
  }
  await until(/^listening$/)
  return {
    messages: () => lines().slice(1),
    until,
    pause: () => perl.kill('SIGSTOP'),
    stop: async () => {
      perl.kill('SIGKILL')
      await done
    },
  }
}
