namespace HybridMesh.Lab;

/// <summary>Runs a command in a pod, for the API server's exec.</summary>
public interface IPodExecutor
{
    /// <summary>The exit code; KeyNotFoundException when there is no such running pod or container.</summary>
    Task<int> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, Stream? input, Stream output,
        Stream error, CancellationToken cancellationToken);

    /// <summary>The text a container wrote so far; null when there is no such pod.</summary>
    Task<string?> LogsAsync(string ns, string pod, string? container, CancellationToken cancellationToken);
}
