namespace HybridMesh.Lab;

/// <summary>An error answer of the ASM API.</summary>
internal sealed class AsmException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public TimeSpan? RetryAfter { get; init; }

    public static AsmException Missing(string parameter) =>
        new(400, $"Missing{parameter}", $"{parameter} is mandatory for this action.");

    public static AsmException Invalid(string parameter, string why) =>
        new(400, $"InvalidParameter.{parameter}", $"The specified parameter {parameter} is not valid: {why}");

    public static AsmException NoSuchAction() => new(
        404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");

    public static AsmException NotFound(string what) => new(404, "ERR404", what);

    public static AsmException Exists(string what) => new(409, "ERR409", $"{what} already exists, skip");
}
