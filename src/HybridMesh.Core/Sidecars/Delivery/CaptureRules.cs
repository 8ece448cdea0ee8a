using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Which inbound ports the agent's iptables rules will send to the proxy, by cluster.env.</summary>
internal static class CaptureRules
{
    private const string Inbound = "ISTIO_INBOUND_PORTS";
    private const string Excluded = "ISTIO_LOCAL_EXCLUDE_PORTS";

    /// <summary>
    /// Refuses files that would take the SSH port's traffic, and so lock everybody out.
    /// </summary>
    /// <param name="environment">cluster.env.</param>
    /// <param name="sessionPort">The port sshd listens on for this session; null when it is not known.</param>
    /// <param name="vm">The VM.</param>
    /// <exception cref="MeshException">SshPortCaptured.</exception>
    public static void CheckSsh(ClusterEnvironment environment, int? sessionPort, MeshVm vm)
    {
        const int UsualPort = 22;
        int[] captured = [.. ((int?[])[sessionPort, UsualPort]).OfType<int>().Distinct()
            .Where(port => IsCaptured(environment, port))];
        if (captured.Length == 0)
        {
            return;
        }

        string port = captured[0].ToString(CultureInfo.InvariantCulture);
        bool listed = Ports(environment.Env[Inbound]).Contains(port);
        throw new MeshException(
            MeshErrorCode.SshPortCaptured,
            $"On VM {vm} the sidecar would capture port {port}, "
            + (captured[0] == sessionPort ? "which sshd listens on there" : "sshd's usual port")
            + $", and lock you out: {environment.Place(Inbound)} has {Inbound}='{environment.Env[Inbound]}'"
            + (listed ? $". Take {port} out of it"
                : $" and {environment.Place(Excluded)} does not exclude it. Add {port} to {Excluded}, or declare the "
                + "app's ports (New-MeshVmApp -Port, New-WorkloadGroup -Port), so that only they are captured")
            + ". Nothing was written.",
            vm);
    }

    // A port that is listed is captured even when it is excluded as well: exclusions only carve out of '*'.
    private static bool IsCaptured(ClusterEnvironment environment, int port)
    {
        string text = port.ToString(CultureInfo.InvariantCulture);
        string[] inbound = Ports(environment.Env[Inbound]);
        return !environment.Env.CustomCapture
            && (inbound.Contains(text) || (inbound.Contains("*") && !Ports(environment.Env[Excluded]).Contains(text)));
    }

    private static string[] Ports(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
