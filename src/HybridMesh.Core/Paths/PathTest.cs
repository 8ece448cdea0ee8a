namespace HybridMesh.Core;

/// <summary>One path to test.</summary>
/// <param name="Uri">The URL, http or https.</param>
/// <param name="ExpectChain">
/// The versions expected hop by hop; <c>*</c> and <c>?</c> are wildcards; null for any.
/// </param>
/// <param name="Timeout">How long the request may take.</param>
public sealed record PathRequest(Uri Uri, IReadOnlyList<string>? ExpectChain, TimeSpan Timeout)
{
    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public void Validate()
    {
        if (!Uri.IsAbsoluteUri || (Uri.Scheme != Uri.UriSchemeHttp && Uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-Uri '{Uri.OriginalString}' is no http or https URL, such as http://10.0.0.5:8001/hello/eric.", Uri);
        }

        if (Uri.UserInfo.Length > 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, "-Uri carries a user or password, which others on that machine could "
                    + "read; leave it out.");
        }
    }

    /// <summary>The URL.</summary>
    public override string ToString() => Uri.ToString();
}

/// <summary>Tests paths from here, from VMs and from pods.</summary>
/// <param name="context">What the mesh knows.</param>
/// <param name="clock">The clock.</param>
public sealed class PathTest(PathContext context, TimeProvider clock)
{
    /// <summary>The name of this machine in results.</summary>
    public const string Here = "local";

    /// <summary>Tests a path from this process.</summary>
    public async Task<MeshPath> RunAsync(PathRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ProbeReport report =
            await LocalProbe.RunAsync(request.Uri, request.Timeout, clock, cancellationToken).ConfigureAwait(false);
        return await JudgeAsync(Here, request, report, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tests a path from a VM.</summary>
    public async Task<MeshPath> RunAsync(IRemoteShell shell, PathRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(request);
        string mark = ProbeScript.NewMark();
        CommandResult result = await shell.RunAsync(
            ProbeScript.Command, ProbeScript.Build(request.Uri, request.Timeout, mark), cancellationToken)
            .ConfigureAwait(false);
        ProbeReport report = ProbeReader.Read(result, request.Uri, mark, $"VM {shell.Vm}");
        return await JudgeAsync(shell.Vm.Name, request, report, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tests a path from a pod's container.</summary>
    public async Task<MeshPath> RunAsync(
        MeshSession session, PodOrigin origin, PathRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(request);
        string mark = ProbeScript.NewMark();
        CommandResult result = await session.DataPlane.ExecAsync(
            origin.Namespace, origin.Pod, origin.Container,
            ProbeScript.CommandWith(ProbeScript.Build(request.Uri, request.Timeout, mark)), null, cancellationToken)
            .ConfigureAwait(false);
        ProbeReport report = ProbeReader.Read(result, request.Uri, mark, $"pod {origin}");
        return await JudgeAsync(origin.Pod, request, report, cancellationToken).ConfigureAwait(false);
    }

    private async Task<MeshPath> JudgeAsync(
        string from, PathRequest request, ProbeReport report, CancellationToken cancellationToken) =>
        PathJudge.Judge(
            from, request.Uri, report,
            await context.ExpectAsync(request.Uri, request.ExpectChain, cancellationToken).ConfigureAwait(false));
}
