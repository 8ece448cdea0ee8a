using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Lab;

/// <summary>The hello app over HTTP/1.1: <c>GET /hello/{word}</c> and <c>GET /bye</c>.</summary>
internal sealed class HttpHello(HelloImage image, IPAddress address, string? backend)
    : HelloApp(image, address, backend)
{
    protected override HttpProtocols Protocols => HttpProtocols.Http1;

    // Short-lived, so that a changed hosts file is noticed as fast as the other changes in the lab.
    protected override TimeSpan ConnectionLifetime => TimeSpan.FromSeconds(1);

    public override async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers["x-hello-version"] = Image.Version;
        string path = context.Request.Path.Value ?? "/";
        try
        {
            string? answer = path switch
            {
                "/bye" => await ByeAsync("/bye", context.Request).ConfigureAwait(false),
                "/ready" => "ready",
                _ when path.StartsWith("/hello/", StringComparison.Ordinal) && path.Length > 7 =>
                    await HelloAsync("/hello/" + Uri.EscapeDataString(path[7..]), path[7..], context.Request)
                        .ConfigureAwait(false),
                _ => null,
            };
            context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
            await WriteAsync(context, answer ?? $"no route {path}").ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException
            && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await WriteAsync(context, Explain(e)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone.
        }
    }

    protected override async Task<string> AskAsync(string path, string word, HttpRequest asked)
    {
        CancellationToken gone = asked.HttpContext.RequestAborted;
        using HttpRequestMessage call = new(HttpMethod.Get, BackendUri(path));
        PassOn(asked, call);
        using HttpResponseMessage answer = await Client.SendAsync(call, gone).ConfigureAwait(false);
        string text = await answer.Content.ReadAsStringAsync(gone).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException($"it answered {(int)answer.StatusCode}: {text}");
    }

    private static Task WriteAsync(HttpContext context, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
