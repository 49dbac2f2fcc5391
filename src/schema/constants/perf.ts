// Constants of perf_event_open.
import { own } from './own.js'

export const perfTypes = own(
  'perf_types',
  `
PERF_TYPE_HARDWARE=0
PERF_TYPE_SOFTWARE=1
PERF_TYPE_TRACEPOINT=2
PERF_TYPE_HW_CACHE=3
PERF_TYPE_RAW=4
PERF_TYPE_BREAKPOINT=5
`,
)

export const perfHardware = own(
  'perf_hardware',
  `
PERF_COUNT_HW_CPU_CYCLES=0
PERF_COUNT_HW_INSTRUCTIONS=1
PERF_COUNT_HW_CACHE_REFERENCES=2
PERF_COUNT_HW_CACHE_MISSES=3
PERF_COUNT_HW_BRANCH_INSTRUCTIONS=4
PERF_COUNT_HW_BRANCH_MISSES=5
PERF_COUNT_HW_BUS_CYCLES=6
PERF_COUNT_HW_STALLED_CYCLES_FRONTEND=7
PERF_COUNT_HW_STALLED_CYCLES_BACKEND=8
PERF_COUNT_HW_REF_CPU_CYCLES=9
`,
)

export const perfSoftware = own(
  'perf_software',
  `
PERF_COUNT_SW_CPU_CLOCK=0
PERF_COUNT_SW_TASK_CLOCK=1
PERF_COUNT_SW_PAGE_FAULTS=2
PERF_COUNT_SW_CONTEXT_SWITCHES=3
PERF_COUNT_SW_CPU_MIGRATIONS=4
PERF_COUNT_SW_PAGE_FAULTS_MIN=5
PERF_COUNT_SW_PAGE_FAULTS_MAJ=6
PERF_COUNT_SW_ALIGNMENT_FAULTS=7
PERF_COUNT_SW_EMULATION_FAULTS=8
PERF_COUNT_SW_DUMMY=9
PERF_COUNT_SW_BPF_OUTPUT=10
PERF_COUNT_SW_CGROUP_SWITCHES=11
`,
)

const caches = ['L1D', 'L1I', 'LL', 'DTLB', 'ITLB', 'BPU', 'NODE']
const uses = ['READ', 'WRITE', 'PREFETCH']
const outcomes = ['ACCESS', 'MISS']
/** a cache, the operation on it and its result, a byte each */
export const perfCaches = own(
  'perf_caches',
  caches
    .flatMap((cache, i) =>
      uses.flatMap((use, j) => outcomes.map((outcome, k) => [cache, use, outcome, i | (j << 8) | (k << 16)])),
    )
    .map(
      ([cache, use, outcome, value]) =>
        `PERF_COUNT_HW_CACHE_${cache}|PERF_COUNT_HW_CACHE_OP_${use}|PERF_COUNT_HW_CACHE_RESULT_${outcome}=${value}`,
    )
    .join(' '),
)

export const perfOpenFlags = own(
  'perf_open_flags',
  `
PERF_FLAG_FD_NO_GROUP=1
PERF_FLAG_FD_OUTPUT=2
PERF_FLAG_PID_CGROUP=4
PERF_FLAG_FD_CLOEXEC=8
`,
)

export const perfSample = own(
  'perf_sample',
  `
PERF_SAMPLE_IP=1
PERF_SAMPLE_TID=2
PERF_SAMPLE_TIME=4
PERF_SAMPLE_ADDR=8
PERF_SAMPLE_READ=0x10
PERF_SAMPLE_CALLCHAIN=0x20
PERF_SAMPLE_ID=0x40
PERF_SAMPLE_CPU=0x80
PERF_SAMPLE_PERIOD=0x100
PERF_SAMPLE_STREAM_ID=0x200
PERF_SAMPLE_RAW=0x400
PERF_SAMPLE_REGS_USER=0x1000
PERF_SAMPLE_STACK_USER=0x2000
PERF_SAMPLE_WEIGHT=0x4000
PERF_SAMPLE_DATA_SRC=0x8000
PERF_SAMPLE_IDENTIFIER=0x10000
PERF_SAMPLE_TRANSACTION=0x20000
PERF_SAMPLE_REGS_INTR=0x40000
PERF_SAMPLE_PHYS_ADDR=0x80000
PERF_SAMPLE_AUX=0x100000
PERF_SAMPLE_CGROUP=0x200000
PERF_SAMPLE_DATA_PAGE_SIZE=0x400000
PERF_SAMPLE_CODE_PAGE_SIZE=0x800000
PERF_SAMPLE_WEIGHT_STRUCT=0x1000000
`,
)

export const perfRead = own(
  'perf_read',
  `
PERF_FORMAT_TOTAL_TIME_ENABLED=1
PERF_FORMAT_TOTAL_TIME_RUNNING=2
PERF_FORMAT_ID=4
PERF_FORMAT_GROUP=8
PERF_FORMAT_LOST=0x10
`,
)

export const perfBits = own(
  'perf_bits',
  `
disabled=1 # unchecked
inherit=2 # unchecked
pinned=4 # unchecked
exclusive=8 # unchecked
exclude_user=0x10 # unchecked
exclude_kernel=0x20 # unchecked
exclude_hv=0x40 # unchecked
exclude_idle=0x80 # unchecked
mmap=0x100 # unchecked
comm=0x200 # unchecked
freq=0x400 # unchecked
inherit_stat=0x800 # unchecked
enable_on_exec=0x1000 # unchecked
task=0x2000 # unchecked
watermark=0x4000 # unchecked
precise_ip_1=0x8000 # unchecked
precise_ip_2=0x10000 # unchecked
mmap_data=0x20000 # unchecked
sample_id_all=0x40000 # unchecked
exclude_host=0x80000 # unchecked
exclude_guest=0x100000 # unchecked
exclude_callchain_kernel=0x200000 # unchecked
exclude_callchain_user=0x400000 # unchecked
mmap2=0x800000 # unchecked
comm_exec=0x1000000 # unchecked
use_clockid=0x2000000 # unchecked
context_switch=0x4000000 # unchecked
write_backward=0x8000000 # unchecked
namespaces=0x10000000 # unchecked
ksymbol=0x20000000 # unchecked
bpf_event=0x40000000 # unchecked
aux_output=0x80000000 # unchecked
`,
)
