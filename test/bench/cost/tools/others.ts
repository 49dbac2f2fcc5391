// Other tracers that Debian has.
import type { Tool } from './tool.js'

const SINSP_HEADER = '/usr/include/falcosecurity/libsinsp/sinsp.h'

export const OTHERS: readonly Tool[] = [
  {
    name: 'perf',
    title: '`perf trace -s -a`',
    command: ['perf', 'trace', '-s', '-a', '-o', '{folder}/perf.txt'],
    needs: [{ file: 'perf', packages: 'linux-perf' }],
  },
  {
    name: 'bpftrace',
    title: 'bpftrace, counting `raw_syscalls:sys_enter`',
    command: ['bpftrace', '-e', 'tracepoint:raw_syscalls:sys_enter { @calls = count(); }'],
    needs: [{ file: 'bpftrace', packages: 'bpftrace' }],
    check: ['bpftrace', '--version'],
  },
  {
    name: 'strace',
    title: '`strace -f -c`',
    command: ['strace', '-f', '-c', '-o', '/dev/null'],
    wraps: true,
    loads: ['compile', 'find', 'files', 'exec', 'rdwr'],
    needs: [{ file: 'strace', packages: 'strace' }],
  },
  {
    name: 'sinsp',
    title: 'sinsp of the libs of Falco, without output',
    command: ['{programs}/sinsp'],
    check: ['{programs}/sinsp', 'check'],
    needs: [
      { file: SINSP_HEADER, packages: 'libfalcosecurity0-dev' },
      { file: '/usr/include/jsoncpp', packages: 'libjsoncpp-dev' },
      { file: '/usr/include/re2', packages: 'libre2-dev' },
      { file: '/usr/include/tbb', packages: 'libtbb-dev' },
    ],
  },
]
