using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace HybridMesh.Lab;

/// <summary>
/// The lab's own small HTTP interface on loopback: status, faults, stop. Every call carries the token of lab.json.
/// </summary>
internal sealed class AdminEndpoint : IAsyncDisposable
{
    private readonly byte[] _expected;
    private readonly VmFaults _faults;
    private readonly Action _end;
    private readonly WebApplication _web;

    public AdminEndpoint(string token, VmFaults faults, Action end)
    {
        _expected = Encoding.UTF8.GetBytes("Bearer " + token);
        _faults = faults;
        _end = end;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public LabState? State { get; set; }

    public string Url => _web.Urls.First();

    /// <summary>Further calls: the first part of the path, and what answers the rest with its text.</summary>
    public IDictionary<string, Func<HttpContext, IReadOnlyList<string>, Task<string>>> Calls { get; } =
        new Dictionary<string, Func<HttpContext, IReadOnlyList<string>, Task<string>>>();

    public Task StartAsync(CancellationToken cancellationToken) => _web.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        byte[] given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, _expected))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        string[] path = context.Request.Path.Value!.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        bool post = HttpMethods.IsPost(context.Request.Method);
        try
        {
            string text = path switch
            {
                ["status"] => State is null ? "starting" : $"ready {State.VmCount} VMs",
                ["stop"] when post => Stop(context),
                ["faults", "vm", var name, .. var rest] when post =>
                    await _faults.ApplyAsync(name, rest, context.RequestAborted).ConfigureAwait(false),
                ["faults", var kind, .. var rest] when post && Calls.TryGetValue(kind, out var call) =>
                    await call(context, rest).ConfigureAwait(false),
                _ => throw new KeyNotFoundException($"There is no {context.Request.Method} {context.Request.Path}."),
            };
            await context.Response.WriteAsync(text + "\n").ConfigureAwait(false);
        }
        catch (Exception e) when (e is KeyNotFoundException or LabException)
        {
            context.Response.StatusCode =
                e is KeyNotFoundException ? StatusCodes.Status404NotFound : StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync(e.Message + "\n").ConfigureAwait(false);
        }
    }

    private string Stop(HttpContext context)
    {
        // After the answer: the lab's end takes this endpoint with it.
        context.Response.OnCompleted(() => Task.Run(_end));
        return "stopping";
    }
}
