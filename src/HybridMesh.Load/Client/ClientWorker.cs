using System.Diagnostics;
using System.Net.Http.Headers;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// One connection's loop. Its body buffer is reused, so that memory stays flat over millions of requests.
/// </summary>
/// <param name="plan">What to send.</param>
/// <param name="run">What it shares with the other workers.</param>
/// <param name="handler">Makes a handler, which keeps one connection and tells its number.</param>
internal sealed class ClientWorker(LoadPlan plan, LoadRun run, Func<Action<long>, HttpMessageHandler> handler)
    : IDisposable
{
    // A server that is gone refuses at once: don't spend the processor on asking it a hundred thousand times a second.
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(10);

    private readonly Func<bool> _wantsMore = () => run.Sink.WantsMore;
    private HttpMessageInvoker? _client;
    private long _connection;
    private byte[] _buffer = new byte[4096];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (await run.Pace.WaitAsync(_wantsMore).ConfigureAwait(false) is { } slot
                && run.TryBegin(slot, out long ticket))
            {
                limit.CancelAfter(plan.Timeout);
                if (!await TrySendAsync(ticket, slot.Start, limit.Token, cancellationToken).ConfigureAwait(false))
                {
                    await Task.Delay(RefusedPause, cancellationToken).ConfigureAwait(false);
                }

                if (!limit.TryReset())
                {
                    limit.Dispose();
                    limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                }
            }
        }
        finally
        {
            limit.Dispose();
        }
    }

    public void Dispose() => _client?.Dispose();

    // False when there was nobody to send to.
    private async Task<bool> TrySendAsync(
        long ticket, long start, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await AskAsync(ticket, limit).ConfigureAwait(false);
            int length = await ReadAsync(response, limit).ConfigureAwait(false);
            run.Complete(Answer(ticket, response, length), Stopwatch.GetTimestamp() - start);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LoadAnswer answer = new()
            {
                Ticket = ticket,
                Error = LoadFailures.Classify(e),
                Detail = LoadFailures.Describe(e, plan),
            };
            run.Complete(answer, 0);
            return answer.Error != LoadError.Connect;
        }
    }

    // As over sockets: a server may end a kept connection at the moment it is used again, and a GET may be sent twice.
    // For HTTP/1.1 the handler does so itself; for HTTP/2 only where the server had the time to say GOAWAY.
    private async Task<HttpResponseMessage> AskAsync(long ticket, CancellationToken limit)
    {
        long kept = _connection;
        try
        {
            return await SendAsync(limit).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (kept > 0 && kept == _connection && plan.HttpVersion.Major == 2
            && plan.GrpcMessage is null && LoadFailures.IsConnectionLost(e))
        {
            run.CountRetry(ticket);
            return await SendAsync(limit).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(CancellationToken limit)
    {
        using HttpRequestMessage request = ClientRequest.Create(plan);
        return await Client().SendAsync(request, limit).ConfigureAwait(false);
    }

    // A handler never gives up a connection over which HTTP/2 still flows; it goes with its connection instead.
    private HttpMessageInvoker Client()
    {
        if (plan.NewConnection)
        {
            _client?.Dispose();
            _client = null;
        }

        return _client ??= new HttpMessageInvoker(handler(number => _connection = number));
    }

    private async Task<int> ReadAsync(HttpResponseMessage response, CancellationToken limit)
    {
        Stream body = await response.Content.ReadAsStreamAsync(limit).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            int length = 0;
            while (length < plan.MaxBodyBytes)
            {
                if (length == _buffer.Length)
                {
                    Array.Resize(ref _buffer, Math.Min(_buffer.Length * 4, plan.MaxBodyBytes));
                }

                int read = await body.ReadAsync(_buffer.AsMemory(length), limit).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return Math.Min(length, plan.MaxBodyBytes);
        }
    }

    private LoadAnswer Answer(long ticket, HttpResponseMessage response, int length)
    {
        int status = (int)response.StatusCode;
        ReadOnlySpan<byte> body = _buffer.AsSpan(0, length);
        string? header =
            plan.CaptureHeader is { } name
            && (response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
                || response.Content.Headers.NonValidated.TryGetValues(name, out values))
                ? string.Join(',', values)
                : null;
        LoadError error = LoadFailures.Classify(status);
        return plan.GrpcMessage is not null && error == LoadError.None
            ? GrpcAnswer.Read(ticket, _connection, response, body, header)
            : new LoadAnswer
            {
                Ticket = ticket,
                Connection = _connection,
                Error = error,
                StatusCode = status,
                Body = body,
                Header = header,
            };
    }
}
