using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Lab;

/// <summary>
/// The hello app over gRPC: <c>org.feuyeux.grpc.Greeter</c> with SayHello and SayBye. By hand, because two calls with
/// one text each need no generated code.
/// </summary>
internal sealed class GrpcHello(HelloImage image, IPAddress address, string? backend)
    : HelloApp(image, address, backend)
{
    private const string SayHello = "/org.feuyeux.grpc.Greeter/SayHello";
    private const string SayBye = "/org.feuyeux.grpc.Greeter/SayBye";

    protected override HttpProtocols Protocols => HttpProtocols.Http2;

    // Long-lived, as gRPC's channels are; yet a Service that was made anew at another address is found again.
    protected override TimeSpan ConnectionLifetime => TimeSpan.FromMinutes(2);

    public override async Task AnswerAsync(HttpContext context)
    {
        if (!GrpcAnswers.IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.Headers["x-hello-version"] = Image.Version;
        try
        {
            byte[] reply = GrpcMessage.Write(await ReplyAsync(context).ConfigureAwait(false));
            context.Response.ContentType = GrpcAnswers.ContentType;
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(reply, context.RequestAborted).ConfigureAwait(false);
        }
        catch (GrpcException e)
        {
            GrpcAnswers.Refuse(context.Response, e.Status, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException
            && !context.RequestAborted.IsCancellationRequested)
        {
            GrpcAnswers.Refuse(context.Response, GrpcStatus.Unavailable, Explain(e));
        }
        catch (OperationCanceledException)
        {
            // The caller has gone.
        }
    }

    protected override async Task<string> AskAsync(string path, string word, HttpRequest asked)
    {
        CancellationToken gone = asked.HttpContext.RequestAborted;
        using HttpRequestMessage call = new(HttpMethod.Post, BackendUri(path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcMessage.Write(word)),
        };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue(GrpcAnswers.ContentType);
        call.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        PassOn(asked, call);
        using HttpResponseMessage answer = await Client.SendAsync(call, gone).ConfigureAwait(false);
        string status = First(answer, "grpc-status")
            ?? string.Create(CultureInfo.InvariantCulture, $"none, HTTP {(int)answer.StatusCode}");
        if (status != "0")
        {
            string told = Uri.UnescapeDataString(First(answer, "grpc-message") ?? "");
            throw new HttpRequestException($"it answered grpc-status {status}: {told}");
        }

        Stream body = await answer.Content.ReadAsStreamAsync(gone).ConfigureAwait(false);
        return await GrpcMessage.ReadAsync(body, gone).ConfigureAwait(false);
    }

    private async Task<string> ReplyAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        if (path is not (SayHello or SayBye))
        {
            throw new GrpcException(GrpcStatus.Unimplemented, $"There is no method {path}.");
        }

        string name = await GrpcMessage.ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        return path == SayHello
            ? await HelloAsync(path, name, context.Request).ConfigureAwait(false)
            : await ByeAsync(path, context.Request).ConfigureAwait(false);
    }

    private static string? First(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values)
            || answer.Headers.TryGetValues(name, out values)
            ? values.First() : null;
}
