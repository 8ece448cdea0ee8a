using System.Diagnostics;
using System.Net;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// One connection's loop. Its body buffer is reused, so that memory stays flat over millions of requests.
/// </summary>
internal sealed class ClientWorker(LoadPlan plan, LoadRun run, HttpMessageInvoker client)
{
    private byte[] _buffer = new byte[4096];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (run.Pace.Wait(out Slot slot) && run.Sink.TryBegin(out long ticket))
            {
                limit.CancelAfter(plan.Timeout);
                await SendAsync(ticket, slot.Start, limit.Token, cancellationToken).ConfigureAwait(false);
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

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task SendAsync(long ticket, long start, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = Request();
            using HttpResponseMessage response = await client.SendAsync(request, limit).ConfigureAwait(false);
            int length = await ReadAsync(response, limit).ConfigureAwait(false);
            run.Latency.Record(Stopwatch.GetTimestamp() - start);
            Complete(ticket, response, length);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Sink.Complete(new LoadAnswer
            {
                Ticket = ticket,
                Error = LoadFailures.Classify(e),
                Detail = LoadFailures.Describe(e, plan),
            });
        }
    }

    private HttpRequestMessage Request()
    {
        HttpRequestMessage request = new(HttpMethod.Get, plan.Uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string value) in plan.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
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

            return length;
        }
    }

    private void Complete(long ticket, HttpResponseMessage response, int length)
    {
        int status = (int)response.StatusCode;
        run.Sink.Complete(new LoadAnswer
        {
            Ticket = ticket,
            Error = LoadFailures.Classify(status),
            StatusCode = status,
            Body = _buffer.AsSpan(0, Math.Min(length, plan.MaxBodyBytes)),
            Header = plan.CaptureHeader is { } name && response.Headers.TryGetValues(name, out IEnumerable<string>? values)
                ? string.Join(',', values)
                : null,
        });
    }
}
