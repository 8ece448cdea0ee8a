using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>How answers of gRPC differ from others: their outcome is not HTTP's status.</summary>
internal static class GrpcAnswers
{
    public const string ContentType = "application/grpc";

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What a gRPC client is told instead of an HTTP status that a proxy answers by itself.</summary>
    public static GrpcStatus StatusOf(int httpStatus) => httpStatus switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };

    /// <summary>An answer without a message: its outcome stands among the headers.</summary>
    public static void Refuse(HttpResponse response, GrpcStatus status, string message)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.ContentLength = null;
        response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (message.Length > 0)
        {
            response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        }
    }
}
