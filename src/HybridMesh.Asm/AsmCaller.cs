using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>Sends calls: signs each attempt, repeats what is worth it, turns error answers into failures.</summary>
internal sealed class AsmCaller : IDisposable
{
    private const int Retries = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly AsmCredential _credential;
    private readonly TimeProvider _clock;
    private readonly Func<string> _nonce;
    private readonly HttpClient _client;
    private readonly AsmFailures _failures;

    public AsmCaller(Uri endpoint, AsmCredential credential, TimeProvider clock, Func<string> nonce)
    {
        Endpoint = endpoint;
        _credential = credential;
        _clock = clock;
        _nonce = nonce;
        _failures = new AsmFailures(endpoint, new SecretRedactor(credential));
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !endpoint.IsLoopback,
        });
    }

    public Uri Endpoint { get; }

    public void Dispose() => _client.Dispose();

    /// <exception cref="MeshException">The call failed; the message carries no secret.</exception>
    public async Task<AsmAnswer> SendAsync(AsmCall call, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            AsmAnswer answer = await AttemptAsync(call, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                return answer;
            }

            bool again = answer.IsThrottled || (answer.IsTransient && call.IsIdempotent);
            if (!again || attempt == Retries)
            {
                throw _failures.Refused(call, answer, attempt);
            }

            await Task.Delay(Wait(answer, attempt), _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<AsmAnswer> AttemptAsync(AsmCall call, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = call.Request(Endpoint, _credential, _clock.GetUtcNow(), _nonce());
        try
        {
            using HttpResponseMessage response =
                await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await AsmAnswer.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw _failures.Unreachable(call, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failures.Unreachable(call, error);
        }
    }

    private static TimeSpan Wait(AsmAnswer answer, int attempt)
    {
        TimeSpan wait = answer.RetryAfter ?? TimeSpan.FromSeconds(1 << attempt);
        return wait < LongestWait ? wait : LongestWait;
    }
}
