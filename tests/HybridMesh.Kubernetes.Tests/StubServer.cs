using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>An answer of the stub; a null body drops the connection.</summary>
internal sealed record StubAnswer(int Code, string? Body, params (string Name, string Value)[] Headers);

/// <summary>A request the stub saw.</summary>
internal sealed record StubRequest(string Method, string PathAndQuery, string Body, string? ContentType, string? Authorization);

/// <summary>A plain HTTP server that answers as the test says, for what no API server can be made to say at will.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<StubRequest, StubAnswer> _answer;
    private readonly Task _loop;

    public StubServer(Func<StubRequest, StubAnswer> answer)
    {
        _answer = answer;
        using (TcpListener probe = new(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _loop = RunAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<StubRequest> Requests { get; } = [];

    public static string Status(int code, string reason, string message, string details = "{}") =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message.Replace("\"", "\\\"")}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""";

    public Task<IKubernetesApi> OpenAsync(TimeProvider? clock = null) =>
        new KubernetesApiFactory(clock ?? TimeProvider.System).OpenTextAsync(Kubeconfig(Url), null, CancellationToken.None);

    public static string Kubeconfig(string url, string context = "stub") =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: {{context}}
        clusters: [{ name: c, cluster: { server: "{{url}}" } }]
        users: [{ name: u, user: { token: secret-token } }]
        contexts: [{ name: {{context}}, context: { cluster: c, user: u, namespace: team } }]
        """;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using StreamReader reader = new(context.Request.InputStream);
            StubRequest request = new(
                context.Request.HttpMethod, context.Request.RawUrl ?? "", await reader.ReadToEndAsync(),
                context.Request.ContentType, context.Request.Headers["Authorization"]);
            Requests.Enqueue(request);
            Answer(context.Response, _answer(request));
        }
    }

    private static void Answer(HttpListenerResponse response, StubAnswer answer)
    {
        if (answer.Body is null)
        {
            // In the middle of the body: before it, the listener would make a clean empty answer of it.
            response.ContentLength64 = 100;
            response.OutputStream.Write("{"u8);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }

        response.StatusCode = answer.Code;
        response.ContentType = answer.Body.StartsWith('{') ? "application/json" : "text/plain";
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: true);
    }
}
