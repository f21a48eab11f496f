/** The part of the test's S3 server that the tests use; it brings no types. */
declare module "@20minutes/s3rver" {
  import type { AddressInfo } from "node:net"

  export default class S3rver {
    constructor(options: {
      readonly address: string
      readonly port: number
      readonly silent: boolean
      readonly directory: string
      readonly vhostBuckets: boolean
      readonly configureBuckets: ReadonlyArray<{ readonly name: string }>
    })
    readonly store: {
      putContent: (path: string, content: unknown) => Promise<[size: number, md5: string]>
    }
    readonly httpServer: { readonly closeAllConnections: () => void }
    run(): Promise<AddressInfo>
    close(): Promise<void>
  }
}
