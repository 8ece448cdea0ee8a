using System.Buffers.Binary;
using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Reads the outcome of a unary gRPC call from an HTTP/2 answer whose status is 200.</summary>
internal static class GrpcAnswer
{
    private const int FrameHead = 5;

    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public static LoadAnswer Read(
        long ticket, long connection, HttpResponseMessage response, ReadOnlySpan<byte> body, string? header)
    {
        string? failure = Failure(response, out LoadError error);
        ReadOnlySpan<byte> text = default;
        if (failure is null && !TryUnframe(body, out text))
        {
            (error, failure) = (LoadError.Broken, "the gRPC answer holds no whole, uncompressed message");
        }

        return new LoadAnswer
        {
            Ticket = ticket,
            Connection = connection,
            Error = error,
            StatusCode = (int)response.StatusCode,
            Body = text,
            Header = header,
            Detail = failure,
        };
    }

    private static string? Failure(HttpResponseMessage response, out LoadError error)
    {
        // An answer without a message carries its status among the headers.
        string? status = First(response, "grpc-status");
        error = LoadError.None;
        if (status == "0")
        {
            return null;
        }

        string type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        if (status is null && !type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
        {
            error = LoadError.Broken;
            return $"the answer is {type}, not gRPC";
        }

        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            error = LoadError.Broken;
            return "the gRPC answer has no status";
        }

        error = LoadError.Grpc;
        string? message = First(response, "grpc-message");
        string name = code < Names.Length ? Names[code] : "unknown";
        return $"grpc-status {status} ({name})"
            + (string.IsNullOrEmpty(message) ? "" : $": {Uri.UnescapeDataString(message)}");
    }

    private static string? First(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values)
            || response.Headers.TryGetValues(name, out values)
            ? values.First()
            : null;

    private static bool TryUnframe(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (body.Length < FrameHead || body[0] != 0)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
        return length <= body.Length - FrameHead
            && ProtobufMessage.TryReadText(body.Slice(FrameHead, (int)length), out text);
    }
}
