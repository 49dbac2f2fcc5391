// The processors that ksys is built for, with their names in Debian, npm and compilers.

export type Arch = 'amd64' | 'arm64'
export const ARCHES: readonly Arch[] = ['amd64', 'arm64']

export const HOST_ARCH: Arch = process.arch === 'arm64' ? 'arm64' : 'amd64'

/** npm's and Node's names. */
export const NPM_ARCH = { amd64: 'x64', arm64: 'arm64' } as const
export const TRIPLES: Readonly<Record<Arch, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
export const BPF_ARCH: Readonly<Record<Arch, string>> = { amd64: 'x86', arm64: 'arm64' }
