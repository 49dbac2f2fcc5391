// Constants of futexes that libs does not know.
import { own } from './own.js'

export const futex2Flags = own(
  'futex2_flags',
  `
FUTEX2_SIZE_U16=1
FUTEX2_SIZE_U32=2
FUTEX2_SIZE_U64=3
FUTEX2_NUMA=4
FUTEX2_MPOL=8 # unchecked
FUTEX2_PRIVATE=0x80
`,
)
