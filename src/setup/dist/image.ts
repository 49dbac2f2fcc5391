// Builds the OCI image: Node, the tree of ksys, and the libraries that Node needs, from Debian. No shell, no package manager, no base image.
// The tree is unpacked, so that the image also works with a read-only root.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { NODE_FLAGS } from '../../inspector.js'
import { type Arch, TRIPLES } from './arch.js'
import { shippedNode } from './executable.js'
import { imageLibraries } from './image-libraries.js'
import { withoutEmptyAnnotations } from './oci-layout.js'
import { IMAGE_LIBRARIES } from './pins.js'
import { imagePath, VERSION, WORK } from './places.js'
import { type Sources, sources } from './revision.js'
import { run } from './run.js'

/** Maximum bytes of an unpacked image. */
const MOST = 140e6
/** The default user id: not a user of any machine. */
const READER = 65532

const LOADERS: Readonly<Record<Arch, string>> = {
  amd64: 'lib64/ld-linux-x86-64.so.2',
  arm64: 'lib/ld-linux-aarch64.so.1',
}

const ACCOUNTS: Readonly<Record<string, string>> = {
  passwd: `root:x:0:0:root:/:/usr/bin/ksys\nksys:x:${READER}:${READER}:ksys:/:/usr/bin/ksys\n`,
  group: `root:x:0:\nksys:x:${READER}:\n`,
}

/** Mount points. */
const EMPTY = ['dev', 'host', 'proc', 'run', 'sys', 'tmp', 'var/log']

/** Builds the image for a processor from its tree and returns the path of the OCI archive. Throws if it is too large. */
export async function makeImage(arch: Arch, tree: string): Promise<string> {
  const root = join(WORK, `image-${arch}`)
  rmSync(root, { recursive: true, force: true })
  await addLibraries(arch, root)
  cpSync(await shippedNode(arch), join(root, 'usr/bin/node'))
  addProgram(tree, root)
  for (const dir of EMPTY) mkdirSync(join(root, dir), { recursive: true })
  chmodSync(join(root, 'tmp'), 0o1777)
  mkdirSync(join(root, 'etc'))
  for (const [name, text] of Object.entries(ACCOUNTS)) writeFileSync(join(root, 'etc', name), text)
  const bytes = sizeOf(root)
  if (bytes > MOST) throw new Error(`the image for ${arch} has ${bytes} bytes; the limit is ${MOST}`)
  return packed(arch, root)
}

/** Adds the C and C++ libraries and the loader, with their copyright files, in Debian's layout. */
async function addLibraries(arch: Arch, root: string): Promise<void> {
  const from = await imageLibraries(arch)
  const libraries = join('usr/lib', TRIPLES[arch])
  mkdirSync(join(root, libraries), { recursive: true })
  for (const [name, files] of Object.entries(IMAGE_LIBRARIES.packages)) {
    const loader = name === 'libc6' ? [basename(LOADERS[arch])] : []
    for (const file of [...files, ...loader]) {
      // newer releases only have /usr/lib, older ones also /lib
      const dir = [libraries, join('lib', TRIPLES[arch])].find((d) => existsSync(join(from, d, file))) as string
      cpSync(join(from, dir, file), join(root, libraries, file), { dereference: true })
    }
    const copyright = join('usr/share/doc', name, 'copyright')
    mkdirSync(dirname(join(root, copyright)), { recursive: true })
    cpSync(join(from, copyright), join(root, copyright), { dereference: true })
  }
  symlinkSync('usr/lib', join(root, 'lib'))
  const loader = LOADERS[arch]
  if (loader.startsWith('lib64/')) {
    mkdirSync(join(root, 'lib64'))
    symlinkSync(`../${libraries}/${loader.slice('lib64/'.length)}`, join(root, loader))
  } else symlinkSync(`${TRIPLES[arch]}/${loader.slice('lib/'.length)}`, join(root, 'usr', loader))
}

/** Adds the tree and its commands. The kernel runs these by their first line, which needs the path of Node, as the image has no env. */
function addProgram(tree: string, root: string): void {
  const program = 'usr/lib/ksys'
  cpSync(tree, join(root, program), { recursive: true })
  const main = join(program, '.build/js/src/main.js')
  const text = readFileSync(join(root, main), 'utf8')
  writeFileSync(join(root, main), text.replace(/^#!.*/, `#!/usr/bin/node ${NODE_FLAGS.join(' ')}`))
  chmodSync(join(root, main), 0o755)
  mkdirSync(join(root, 'usr/bin'), { recursive: true })
  for (const name of ['ksys', 'kubectl-ksys', 'kubectl_complete-ksys'])
    symlinkSync(`/${main}`, join(root, 'usr/bin', name))
}

function sizeOf(root: string): number {
  const files = readdirSync(root, { withFileTypes: true, recursive: true }).filter((e) => e.isFile())
  return files.reduce((sum, f) => sum + statSync(join(f.parentPath, f.name)).size, 0)
}

/** Builds the image with podman, in separate storage. */
async function packed(arch: Arch, root: string): Promise<string> {
  const work = join(WORK, 'podman')
  const own = ['--root', join(work, 'root'), '--runroot', join(work, 'run'), '--tmpdir', join(work, 'tmp')]
  const podman = (...words: string[]) => run('podman', [...own, '--storage-driver', 'vfs', ...words])
  const file = join(WORK, `Containerfile-${arch}`)
  const name = `localhost/ksys:${VERSION}`
  const out = imagePath(arch)
  writeFileSync(file, containerfile(await sources()))
  const when = process.env.SOURCE_DATE_EPOCH ?? '0'
  try {
    const how = ['--arch', arch, '--format', 'oci', '--timestamp', when, '--no-cache', '--squash-all']
    await podman('build', '--quiet', ...how, '-t', name, '-f', file, root)
    const dir = join(work, 'oci')
    await podman('save', '--quiet', '--format', 'oci-dir', '-o', dir, name)
    withoutEmptyAnnotations(dir)
    // podman's own archives contain the build time
    const same = ['--sort=name', `--mtime=@${when}`, '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX']
    await run('tar', ['-C', dir, ...same, '-cf', out, '.'])
  } finally {
    await podman('rmi', '--all', '--force').catch(() => undefined)
    rmSync(work, { recursive: true, force: true })
  }
  return out
}

function containerfile({ revision, url }: Sources): string {
  const labels = {
    title: 'ksys',
    description: 'System call capture and analysis with eBPF',
    version: VERSION,
    licenses: 'Apache-2.0',
    revision,
    ...(url !== undefined && { source: url }),
  }
  return [
    'FROM scratch',
    'COPY . /',
    ...Object.entries(labels).map(([key, value]) => `LABEL org.opencontainers.image.${key}="${value}"`),
    'ENV PATH=/usr/bin',
    // captures need root, which the manifests specify
    `USER ${READER}:${READER}`,
    'ENTRYPOINT ["/usr/bin/ksys"]',
    '',
  ].join('\n')
}
