// Constants of memory that libs does not know.
import type { FlagTable } from '../types.js'
import { own } from './own.js'

export const madviseBehaviors = own(
  'madvise_behaviors',
  `
MADV_NORMAL=0
MADV_RANDOM=1
MADV_SEQUENTIAL=2
MADV_WILLNEED=3
MADV_DONTNEED=4
MADV_FREE=8
MADV_REMOVE=9
MADV_DONTFORK=10
MADV_DOFORK=11
MADV_MERGEABLE=12
MADV_UNMERGEABLE=13
MADV_HUGEPAGE=14
MADV_NOHUGEPAGE=15
MADV_DONTDUMP=16
MADV_DODUMP=17
MADV_WIPEONFORK=18
MADV_KEEPONFORK=19
MADV_COLD=20
MADV_PAGEOUT=21
MADV_POPULATE_READ=22
MADV_POPULATE_WRITE=23
MADV_DONTNEED_LOCKED=24
MADV_COLLAPSE=25
MADV_HWPOISON=100
MADV_SOFT_OFFLINE=101
MADV_GUARD_INSTALL=102 # unchecked
MADV_GUARD_REMOVE=103 # unchecked
`,
)

export const msyncFlags = own(
  'msync_flags',
  `
MS_ASYNC=1
MS_INVALIDATE=2
MS_SYNC=4
`,
)

export const mremapFlags = own(
  'mremap_flags',
  `
MREMAP_MAYMOVE=1
MREMAP_FIXED=2
MREMAP_DONTUNMAP=4
`,
)

export const memoryPolicies = own(
  'memory_policies',
  `
MPOL_DEFAULT=0
MPOL_PREFERRED=1
MPOL_BIND=2
MPOL_INTERLEAVE=3
MPOL_LOCAL=4
MPOL_PREFERRED_MANY=5
MPOL_WEIGHTED_INTERLEAVE=6
`,
)

export const memoryPolicyFlags = own(
  'memory_policy_flags',
  `
MPOL_F_NUMA_BALANCING=0x2000
MPOL_F_RELATIVE_NODES=0x4000
MPOL_F_STATIC_NODES=0x8000
`,
)

export const mbindFlags = own(
  'mbind_flags',
  `
MPOL_MF_STRICT=1
MPOL_MF_MOVE=2
MPOL_MF_MOVE_ALL=4
`,
)

export const getMempolicyFlags = own(
  'get_mempolicy_flags',
  `
MPOL_F_NODE=1
MPOL_F_ADDR=2
MPOL_F_MEMS_ALLOWED=4
`,
)

export const pkeyRights = own(
  'pkey_rights',
  `
PKEY_DISABLE_ACCESS=1
PKEY_DISABLE_WRITE=2
`,
)

export const shadowStackFlags = own(
  'shadow_stack_flags',
  `
SHADOW_STACK_SET_TOKEN=1
`,
)

export const memfdSecretFlags = own(
  'memfd_secret_flags',
  `
O_CLOEXEC=0x80000
`,
)

/** additional properties of arm64's pages */
export const ARM64_PROT = `
PROT_BTI=0x10 # arm64
PROT_MTE=0x20 # arm64
`
const PROTECTIONS = `
PROT_NONE=0
PROT_READ=1
PROT_WRITE=2
PROT_EXEC=4
PROT_SEM=8
PROT_GROWSDOWN=0x1000000
PROT_GROWSUP=0x2000000
`

export const protections: FlagTable = {
  ...own('protections', PROTECTIONS),
  arm64: own('protections_arm64', `${PROTECTIONS}${ARM64_PROT}`),
}
