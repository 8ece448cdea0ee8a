using System.Net;
using System.Net.Http.Headers;
using System.Text;
using HybridMesh.Core;
using KubernetesClient = k8s.Kubernetes;

namespace HybridMesh.Kubernetes;

/// <summary>An answer that was read whole.</summary>
internal sealed record ApiAnswer(HttpStatusCode Code, string Body, string? MediaType, int Attempts)
{
    public bool IsSuccess => (int)Code is >= 200 and < 300;
}

/// <summary>
/// Sends requests through the client library's connections and credentials; throttling, failures of the server and
/// dropped connections are retried a bounded number of times.
/// </summary>
internal sealed class ApiTransport(KubernetesClient client, ApiErrors errors, TimeProvider clock) : IDisposable
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    public KubernetesClient Client => client;

    public ApiErrors Errors => errors;

    public TimeProvider Clock => clock;

    /// <summary>Sends a call and returns its successful answer.</summary>
    public async Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ApiAnswer answer = await TrySendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? answer : throw errors.From(answer.Code, answer.Body, call);
    }

    /// <summary>Sends a call and returns whatever the server finally said.</summary>
    public Task<ApiAnswer> TrySendAsync(ApiCall call, CancellationToken cancellationToken) =>
        RetryAsync(call, attempt => SendOnceAsync(call, attempt, cancellationToken), cancellationToken);

    /// <summary>
    /// Opens a stream; the caller disposes the response. A 410 is <see cref="ApiGoneException"/>, anything else but
    /// success an error.
    /// </summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiCall call, CancellationToken cancellationToken)
    {
        (HttpResponseMessage? response, ApiAnswer? refusal) = await RetryAsync<(HttpResponseMessage?, ApiAnswer?)>(
            call,
            async attempt =>
            {
                HttpResponseMessage response = await SendHeadersAsync(call, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return new((response, null), response.StatusCode, null);
                }

                using (response)
                {
                    Sent<ApiAnswer> read = await ReadAsync(response, attempt, cancellationToken).ConfigureAwait(false);
                    return new((null, read.Value), read.Code, read.RetryAfter, read.IsFinal);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return response ?? throw (refusal!.Code == HttpStatusCode.Gone
            ? new ApiGoneException() : errors.From(refusal.Code, refusal.Body, call));
    }

    public void Dispose() => client.Dispose();

    private static TimeSpan Backoff(int attempt) => FirstDelay * Math.Pow(2, attempt - 1);

    // 429 and a 503 that names a delay were refused before any work was done, so even a creation may be sent again.
    private static bool IsTransient(HttpStatusCode code, TimeSpan? retryAfter, ApiCall call) =>
        code == HttpStatusCode.TooManyRequests
        || (code == HttpStatusCode.ServiceUnavailable && retryAfter is not null)
        || (call.Idempotent && code >= HttpStatusCode.InternalServerError && code != HttpStatusCode.NotImplemented);

    // A name that does not resolve, a certificate that is not trusted and a network that swallows packets stay so.
    private static bool IsWorthAnother(Exception e, ApiCall call) =>
        call.Idempotent
        && e is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        }
        && e.InnerException is not (TimeoutException or OperationCanceledException);

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delay ? (delay < MaxRetryAfter ? delay : MaxRetryAfter) : null;

    private async Task<T> RetryAsync<T>(
        ApiCall call, Func<int, Task<Sent<T>>> send, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan delay = Backoff(attempt);
            try
            {
                Sent<T> sent = await send(attempt).ConfigureAwait(false);
                bool again = IsTransient(sent.Code, sent.RetryAfter, call) || (sent.LostRace && call.IsApply);
                if (attempt == MaxAttempts || sent.IsFinal || !again)
                {
                    return sent.Value;
                }

                delay = sent.RetryAfter ?? delay;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                if (attempt == MaxAttempts || !IsWorthAnother(e, call))
                {
                    throw errors.Unreachable(e);
                }
            }

            await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Sent<ApiAnswer>> SendOnceAsync(ApiCall call, int attempt, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(AnswerLimit, clock);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await SendHeadersAsync(call, either.Token).ConfigureAwait(false);
            return await ReadAsync(response, attempt, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                limit.IsCancellationRequested ? $"It gave no answer within {AnswerLimit.TotalSeconds:0} s." : e.Message,
                e);
        }
    }

    private static async Task<Sent<ApiAnswer>> ReadAsync(
        HttpResponseMessage response, int attempt, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return new(
            new ApiAnswer(response.StatusCode, body, response.Content.Headers.ContentType?.ToString(), attempt),
            response.StatusCode,
            RetryAfter(response),
            IsFinal: response.StatusCode == HttpStatusCode.InternalServerError && ApiErrors.IsRefusedContent(body),
            LostRace: response.StatusCode == HttpStatusCode.Conflict && !ApiErrors.IsFieldConflict(body));
    }

    private async Task<HttpResponseMessage> SendHeadersAsync(ApiCall call, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(call.Method, new Uri(client.BaseUri, call.Path))
        {
            Version = HttpVersion.Version20,
        };
        request.Headers.Accept.ParseAdd(call.Accept);
        if (call.Body is not null)
        {
            request.Content = new StringContent(call.Body, Encoding.UTF8, new MediaTypeHeaderValue(call.ContentType));
        }

        await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Adds the credentials; a login plugin may run for it.</summary>
    public async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (client.Credentials is null)
        {
            return;
        }

        try
        {
            await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (k8s.Exceptions.KubeConfigException e)
        {
            throw new MeshException(
                MeshErrorCode.Unauthorized,
                $"The login plugin for {errors.Place} gave no credentials: {KubeconfigErrors.FirstLine(e)}", null, e);
        }
    }

    /// <summary>One attempt's outcome and what decides about another.</summary>
    private readonly record struct Sent<T>(
        T Value, HttpStatusCode Code, TimeSpan? RetryAfter, bool IsFinal = false, bool LostRace = false);
}
