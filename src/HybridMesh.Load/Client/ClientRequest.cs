using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Makes requests for HttpClient's handler.</summary>
internal static class ClientRequest
{
    public static HttpRequestMessage Create(LoadPlan plan)
    {
        HttpRequestMessage request = new(plan.GrpcMessage is null ? HttpMethod.Get : HttpMethod.Post, plan.Uri)
        {
            Version = plan.GrpcMessage is null ? plan.HttpVersion : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string value) in plan.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (plan.GrpcMessage is { } message)
        {
            request.Content = Frame(message);
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        return request;
    }

    // One message is a byte that says it is not compressed, its length and itself.
    private static ByteArrayContent Frame(ReadOnlyMemory<byte> message)
    {
        byte[] frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsMemory(5));
        ByteArrayContent content = new(frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return content;
    }
}
