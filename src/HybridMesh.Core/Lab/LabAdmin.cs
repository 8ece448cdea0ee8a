using System.Net.Http.Headers;

namespace HybridMesh.Core;

/// <summary>The admin endpoint of a lab.</summary>
internal static class LabAdmin
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the lab of a state file is there and is that lab.</summary>
    public static Task<bool> AnswersAsync(LabStateFile state, CancellationToken cancellationToken) =>
        CallAsync(state, HttpMethod.Get, "status", cancellationToken);

    /// <summary>Asks the lab to end; false when it does not answer.</summary>
    public static Task<bool> StopAsync(LabStateFile state, CancellationToken cancellationToken) =>
        CallAsync(state, HttpMethod.Post, "stop", cancellationToken);

    private static async Task<bool> CallAsync(
        LabStateFile state, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        // Loopback only: no proxy of the environment has a part in it.
        using HttpClientHandler direct = new() { UseProxy = false };
        using HttpClient client = new(direct) { Timeout = Patience };
        using HttpRequestMessage request = new(method, new Uri(state.AdminEndpoint, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", state.AdminToken);
        try
        {
            using HttpResponseMessage answer =
                await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
