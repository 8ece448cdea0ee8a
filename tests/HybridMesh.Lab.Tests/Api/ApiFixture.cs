using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

/// <summary>An API server with every kind of both planes, and clients of it.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    public const string AdminToken = "admin-token";
    public const string ViewerToken = "viewer-token";
    public const string NobodyToken = "nobody-token";
    private readonly LabCertificates _certificates = new();

    public ApiFixture()
    {
        Store = new ObjectStore("test", TimeProvider.System);
        Executor = new FakeExecutor();
        Server = new ApiServer(Store, [.. ResourceTypes.DataPlane.Union(ResourceTypes.ControlPlane)], new ApiServerOptions
        {
            Certificate = _certificates.CreateServerCertificate(),
            Tokens = new Dictionary<string, ApiUser>
            {
                [AdminToken] = new("admin", ApiAccess.Full, "system:masters"),
                [ViewerToken] = new("viewer", ApiAccess.ReadOnly),
                [NobodyToken] = new("nobody", ApiAccess.None),
            },
            Executor = Executor,
            ServiceAddress = index => new AddressBlock(7).Service(index),
        });
    }

    public ObjectStore Store { get; }

    public FakeExecutor Executor { get; }

    public ApiServer Server { get; }

    public string CaPem => _certificates.CaPem;

    public ApiClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Server.StartAsync();
        Client = NewClient(AdminToken);
    }

    public ApiClient NewClient(string? token) => new(Server.Uri, CaPem, token);

    /// <summary>A namespace of its own for a test.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        ApiAnswer answer = await Client.PostAsync("/api/v1/namespaces", """
            {"apiVersion":"v1","kind":"Namespace","metadata":{"generateName":"test-"}}
            """);
        return (string)answer.Body["metadata"]!["name"]!;
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _certificates.Dispose();
    }
}

/// <summary>An answer of the server.</summary>
public sealed record ApiAnswer(HttpStatusCode Code, JsonObject Body, HttpResponseHeaders Headers)
{
    public string Message => (string?)Body["message"] ?? "";

    public string Reason => (string?)Body["reason"] ?? "";

    public string Version => (string?)Body["metadata"]?["resourceVersion"] ?? "";

    /// <summary>The value at a dotted path, as JSON; empty when there is none.</summary>
    public string At(string path)
    {
        JsonNode? node = Body;
        foreach (string part in path.Split('.'))
        {
            node = node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]
                : (node as JsonObject)?[part];
        }

        return node?.ToJsonString() ?? "";
    }

    /// <summary>The fields an owner has, as JSON.</summary>
    public string FieldsOf(string manager) => (Body["metadata"]?["managedFields"] as JsonArray ?? [])
        .FirstOrDefault(entry => (string?)entry?["manager"] == manager)?["fieldsV1"]?.ToJsonString() ?? "";
}

/// <summary>A plain HTTPS client that trusts the lab's authority only.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri server, string caPem, string? token)
    {
        SocketsHttpHandler handler = new();
        X509Certificate2 authority = X509Certificate2.CreateFromPem(caPem);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("lab-tests/1.0");
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public HttpClient Http => _http;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, "");

    public Task<ApiAnswer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body, "application/json");

    public Task<ApiAnswer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body, "application/json");

    public Task<ApiAnswer> DeleteAsync(string path, string? body = null) =>
        SendAsync(HttpMethod.Delete, path, body, "application/json");

    public Task<ApiAnswer> MergeAsync(string path, string body) =>
        SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json");

    public Task<ApiAnswer> ApplyAsync(string path, string body, string manager = "tester", bool force = false)
    {
        string query = $"fieldManager={manager}" + (force ? "&force=true" : "");
        string separator = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        return SendAsync(HttpMethod.Patch, path + separator + query, body, "application/apply-patch+yaml");
    }

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string contentType)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        JsonObject json = response.Content.Headers.ContentType?.MediaType == "application/json"
            ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text };
        return new ApiAnswer(response.StatusCode, json, response.Headers);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>Runs a few invented commands.</summary>
public sealed class FakeExecutor : IPodExecutor
{
    public async Task<int> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, Stream? input, Stream output,
        Stream error, CancellationToken cancellationToken)
    {
        switch (command[0])
        {
            case "echo":
                await output.WriteAsync(Encoding.UTF8.GetBytes(string.Join(' ', command.Skip(1)) + "\n"), cancellationToken);
                return 0;
            case "cat":
                await input!.CopyToAsync(output, cancellationToken);
                return 0;
            case "fail":
                await error.WriteAsync(Encoding.UTF8.GetBytes("broken\n"), cancellationToken);
                return 3;
            default:
                throw new KeyNotFoundException($"no such command: {command[0]}");
        }
    }

    public Task<string?> LogsAsync(string ns, string pod, string? container, CancellationToken cancellationToken) =>
        Task.FromResult<string?>($"first\nsecond of {container}\n");
}
