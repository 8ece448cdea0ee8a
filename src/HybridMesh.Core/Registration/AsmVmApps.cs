namespace HybridMesh.Core;

/// <summary>Calls to the ASM API that registration makes.</summary>
internal static class AsmVmApps
{
    /// <summary>The session's ASM API and mesh.</summary>
    /// <exception cref="MeshException">NotConnected, when the connection names no mesh.</exception>
    public static (IAsmApi Asm, string MeshId) Require(MeshSession session) =>
        session is { Asm: { } asm, Connection.MeshId: { } meshId }
            ? (asm, meshId)
            : throw new MeshException(
                MeshErrorCode.NotConnected,
                "Provider Asm needs a mesh id, and this connection has none; run Connect-Mesh -MeshId <id>, or use "
                + "-Provider Istio.");

    /// <summary>Makes a call; one that ASM withdrew tells of the other provider.</summary>
    public static async Task CallAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.AsmOperationWithdrawn
            && !e.Message.Contains("-Provider Istio", StringComparison.Ordinal))
        {
            throw new MeshException(
                e.Code, $"{e.Message} Use -Provider Istio: it makes the same objects without that operation.",
                e.ErrorTarget, e);
        }
    }
}
