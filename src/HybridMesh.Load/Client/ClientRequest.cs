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
        if (plan.GrpcMessage is { } message)
        {
            request.Content = Frame(message);
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }
        else if (plan.NewConnection && plan.HttpVersion == HttpVersion.Version11)
        {
            request.Headers.ConnectionClose = true;
        }

        foreach ((string name, string value) in plan.Headers)
        {
            Add(request, name, value);
        }

        return request;
    }

    // HttpClient keeps headers such as Content-Type with a body, and drops them where there is none.
    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            HttpContentHeaders headers = (request.Content ??= new ByteArrayContent([])).Headers;
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        }
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
