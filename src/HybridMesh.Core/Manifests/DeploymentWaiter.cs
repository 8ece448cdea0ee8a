using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Waits until Deployments are ready, and finds out why one is not.</summary>
public sealed class DeploymentWaiter
{
    private readonly IKubernetesApi _api;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;

    /// <summary>Makes a waiter on the data plane.</summary>
    public DeploymentWaiter(MeshSession session, TimeSpan timeout, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(session);
        _api = session.DataPlane;
        _timeout = timeout;
        _clock = clock;
    }

    /// <summary>
    /// Waits for all of them at once, telling progress. The result has one error per Deployment that did not get ready,
    /// its target being the object; TimedOut names the pods' reason, such as ImagePullBackOff.
    /// </summary>
    public async Task<IReadOnlyList<MeshException>> WaitAsync(
        IReadOnlyList<MeshObject> deployments, Action<string, int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        ArgumentNullException.ThrowIfNull(progress);
        Dictionary<MeshObject, DeploymentState> pending = deployments.ToDictionary(
            item => item, _ => new DeploymentState(false, false, "it was not seen yet"));
        List<MeshException> errors = [];
        using CancellationTokenSource limit = new(_timeout, _clock);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await Task.WhenAll(deployments.GroupBy(item => item.Namespace!)
                .Select(group => WatchAsync(group.Key, pending, progress, either.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up; what is pending is told below.
        }

        progress("done", 100);
        foreach ((MeshObject item, DeploymentState state) in pending)
        {
            errors.Add(await ExplainAsync(item, state, cancellationToken).ConfigureAwait(false));
        }

        return errors;
    }

    private async Task WatchAsync(
        string ns, Dictionary<MeshObject, DeploymentState> pending, Action<string, int> progress,
        CancellationToken cancellationToken)
    {
        await foreach (KubernetesEvent change in
            _api.WatchAsync(KubernetesKind.Deployment, ns, null, null, cancellationToken).ConfigureAwait(false))
        {
            lock (pending)
            {
                MeshObject? item = pending.Keys.FirstOrDefault(key =>
                    key.Namespace == ns && key.Name == (string?)change.Item["metadata"]?["name"]);
                if (item is not null && change.Type != "DELETED")
                {
                    DeploymentState state = DeploymentState.Of(change.Item);
                    pending[item] = state;
                    if (state.Ready)
                    {
                        pending.Remove(item);
                    }

                    if (pending.Count > 0)
                    {
                        progress(
                            string.Join(", ", pending.Select(pair => $"{pair.Key.Name}: {pair.Value.Detail}")), -1);
                    }
                }

                if (!pending.Any(pair => pair.Key.Namespace == ns && !pair.Value.Hopeless))
                {
                    return;
                }
            }
        }
    }

    private async Task<MeshException> ExplainAsync(
        MeshObject item, DeploymentState state, CancellationToken cancellationToken)
    {
        string reasons = await PodReasonsAsync(item, cancellationToken).ConfigureAwait(false);
        string waited = state.Hopeless ? ""
            : string.Create(CultureInfo.InvariantCulture, $" within {_timeout.TotalSeconds:0.#} s");
        return new MeshException(
            MeshErrorCode.TimedOut,
            $"{item} did not get ready{waited}: {state.Detail}{(reasons.Length > 0 ? "; " + reasons : "")}. Raise "
            + "-TimeoutSec if it is only slow.",
            item);
    }

    private async Task<string> PodReasonsAsync(MeshObject item, CancellationToken cancellationToken)
    {
        try
        {
            JsonObject? deployment = await _api.FindAsync(
                KubernetesKind.Deployment, item.Namespace, item.Name, cancellationToken).ConfigureAwait(false);
            if (deployment?["spec"]?["selector"]?["matchLabels"] is not JsonObject labels)
            {
                return "";
            }

            List<string> reasons = [];
            string selector = string.Join(',', labels.Select(pair => $"{pair.Key}={(string?)pair.Value}"));
            await foreach (JsonObject pod in
                _api.ListAsync(KubernetesKind.Pod, item.Namespace, selector, cancellationToken).ConfigureAwait(false))
            {
                MeshPod read = MeshPod.From(pod);
                if (!read.Ready)
                {
                    reasons.Add($"pod {read.Name}: {read.Status}{(read.Detail is null ? "" : $" ({read.Detail})")}");
                }
            }

            return string.Join("; ", reasons.Take(3));
        }
        catch (MeshException)
        {
            return ""; // the reasons are a help; the error to tell is that of the Deployment
        }
    }
}
