// Files in a bucket of an S3 server that accepts requests without a signature.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a bucket with the files of a folder and of its folders; their keys begin with `prefix`. Throws if the server refuses one. */
export async function fillBucket(endpoint: string, bucket: string, prefix: string, folder: string): Promise<void> {
  await put(`${endpoint}/${bucket}`)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    await put(`${endpoint}/${bucket}/${prefix}${path.slice(folder.length)}`, readFileSync(path))
  }
}

async function put(url: string, body?: Buffer): Promise<void> {
  const response = await fetch(url, { method: 'PUT', ...(body && { body }) })
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`)
}
