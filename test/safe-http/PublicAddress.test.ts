import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Cidr, isLiterallyPrivate, isPublic, isWithin, literalAddress } from "../../adapters/safe-http/PublicAddress.ts"

const word = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xff_ff_ff_ff }))

const octetsOf = (address: number): [number, number, number, number] => [
  address >>> 24,
  (address >>> 16) & 255,
  (address >>> 8) & 255,
  address & 255
]
const dotted = (address: number): string => octetsOf(address).join(".")

/** First and last address of each block that is not public. */
const specialBlocks: ReadonlyArray<readonly [string, string]> = [
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["168.63.129.16", "168.63.129.16"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "255.255.255.255"]
]
const numberOf = (address: string): number => address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0)
const ranges = specialBlocks.map(([first, last]) => [numberOf(first), numberOf(last)] as const)

const octal = (octet: number) => `0${octet.toString(8)}`
const hex = (octet: number) => `0x${octet.toString(16)}`

/** All that a URL parser or `inet_aton` reads as `address`. */
const spellings = (address: number): ReadonlyArray<string> => {
  const [a, b, c, d] = octetsOf(address)
  const plain = dotted(address)
  const fullWidth = plain.replaceAll(/\d/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
  const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  return [
    plain,
    `${plain}.`,
    String(address),
    `0x${address.toString(16)}`,
    `0X${address.toString(16).toUpperCase()}`,
    `0${address.toString(8)}`,
    [a, b, c, d].map(octal).join("."),
    [a, b, c, d].map(hex).join("."),
    `${a}.${address % 2 ** 24}`,
    `${a}.${b}.${address % 2 ** 16}`,
    `${hex(a)}.${octal(b)}.${c}.${d}`,
    plain.replaceAll(/./gu, (character) => `%${(character.codePointAt(0) ?? 0).toString(16)}`),
    fullWidth,
    fullWidth.replaceAll(".", "。"),
    `[::ffff:${plain}]`,
    `[::ffff:${groups}]`,
    `[0:0:0:0:0:FFFF:${groups}]`,
    `[64:ff9b::${groups}]`
  ]
}

describe("an IPv4 address", () => {
  it("is public outside of the special blocks, to the address", () => {
    for (const [first, last] of ranges) {
      assert.isFalse(isPublic(dotted(first)), dotted(first))
      assert.isFalse(isPublic(dotted(last)), dotted(last))
    }
    const edges = ranges.flatMap(([first, last]) => [first - 1, last + 1])
    for (const edge of edges) {
      if (edge < 0 || edge > 0xff_ff_ff_ff || ranges.some(([first, last]) => edge >= first && edge <= last)) continue
      assert.isTrue(isPublic(dotted(edge)), dotted(edge))
    }
  })

  it.prop("is public exactly when no special block holds it", [word], ([address]) => {
    assert.strictEqual(isPublic(dotted(address)), !ranges.some(([first, last]) => address >= first && address <= last))
  })

  it.prop(
    "that is private is refused in every spelling",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: ranges.length - 1 })), word],
    ([block, offset]) => {
      const [first, last] = ranges[block] ?? [0, 0]
      const address = first + (offset % (last - first + 1))
      for (const spelling of spellings(address)) assert.isTrue(isLiterallyPrivate(spelling), spelling)
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop("that is public is accepted in every spelling", [word], ([address]) => {
    if (!isPublic(dotted(address))) return
    for (const spelling of spellings(address)) assert.isFalse(isLiterallyPrivate(spelling), spelling)
  })

  it.prop("is the same address in every spelling of IPv4", [word], ([address]) => {
    for (const spelling of spellings(address)) {
      if (!spelling.startsWith("[64:")) assert.strictEqual(literalAddress(spelling), dotted(address), spelling)
    }
  })
})

describe("an IPv6 address", () => {
  it.each([
    "2600:1f18::1",
    "2a00:1450:4001:81b::200e",
    "2001:200::1",
    "2606:4700:4700::1111",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8"
  ])("%s is public", (address) => {
    assert.isTrue(isPublic(address))
    assert.isFalse(isLiterallyPrivate(`[${address}]`))
  })

  it.each([
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::127.0.0.1", "IPv4-compatible"],
    ["::8.8.8.8", "IPv4-compatible, deprecated whatever it embeds"],
    ["::ffff:127.0.0.1", "mapped loopback"],
    ["::ffff:a9fe:a9fe", "mapped metadata service"],
    ["::ffff:0:8.8.8.8", "translated IPv4"],
    ["64:ff9b::10.0.0.1", "NAT64 of a private address"],
    ["64:ff9b::a9fe:a9fe", "NAT64 of a metadata service"],
    ["64:ff9b:1::8.8.8.8", "local NAT64"],
    ["100::1", "discard"],
    ["100:0:0:1::1", "dummy prefix"],
    ["2001::1", "Teredo"],
    ["2001:2::1", "benchmarks"],
    ["2001:10::1", "ORCHID"],
    ["2001:20::1", "ORCHIDv2"],
    ["2001:db8::1", "documentation"],
    ["2002:7f00:1::", "6to4 of loopback"],
    ["2002:808:808::1", "6to4"],
    ["3fff::1", "documentation"],
    ["5f00::1", "segment routing"],
    ["fc00::1", "unique local"],
    ["fd00:ec2::254", "metadata service"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local with a zone"],
    ["fe80::1%25eth0", "link-local with a zone, as in a URL"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"]
  ])("%s is not public: %s", (address) => {
    assert.isFalse(isPublic(address))
    assert.isTrue(isLiterallyPrivate(`[${address}]`))
    assert.isTrue(isLiterallyPrivate(address))
  })
})

describe("a host name", () => {
  it.each([
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛocalhost",
    "loc%61lhost",
    "api.localhost",
    "printer.local",
    "metadata.google.internal",
    "metadata.google.internal.",
    "nas.home.arpa",
    "git.corp",
    "postgres",
    "",
    ".",
    "a b",
    "1.2.3.256",
    "8.8.8.8/x@10.0.0.1",
    "10.0.0.1#.example.com",
    "10.0.0.1\\.example.com"
  ])("%s is private without asking anybody", (hostname) => {
    assert.isTrue(isLiterallyPrivate(hostname))
    assert.isUndefined(literalAddress(hostname))
  })

  it.each([
    "example.com",
    "EXAMPLE.com.",
    "localhost.example.com",
    "internal.example.com",
    "127.0.0.1.nip.io",
    "são.com.br"
  ])("%s is for the resolver to tell", (hostname) => {
    assert.isFalse(isLiterallyPrivate(hostname))
    assert.isUndefined(literalAddress(hostname))
  })
})

describe("a block of addresses", () => {
  const decode = Schema.decodeUnknownSync(Cidr)

  it("holds an address of its family, in IPv6 clothes too", () => {
    const blocks = [decode("127.0.0.0/8"), decode("fd00::/8")]
    for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "fd12::1"]) assert.isTrue(isWithin(address, blocks))
    for (const address of ["128.0.0.1", "::1", "fe00::1", "localhost"]) assert.isFalse(isWithin(address, blocks))
  })

  it.each(["127.0.0.1", "127.0.0.0/33", "all", ""])("is not written %s", (text) => {
    assert.throws(() => decode(text))
  })
})
