/** A path is one spelling, as the answers to wrong methods and paths take it. In it may stand a `wamid`, longer than the router expects. */
export const routerConfig = {
  caseSensitive: true,
  ignoreTrailingSlash: false,
  ignoreDuplicateSlashes: false,
  maxParamLength: 1024
}
