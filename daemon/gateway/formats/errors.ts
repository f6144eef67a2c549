/** The request cannot be said in the provider's format: a 400 for the client. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";

  /** `param`: where in the request, such as `messages[2].content`. */
  constructor(
    message: string,
    readonly param: string,
  ) {
    super(message);
  }
}

/** The provider's reply is not of its format, or an error in the dress of one. */
export class BadReply extends Error {
  override readonly name = "BadReply";
}
