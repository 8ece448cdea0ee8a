namespace HybridMesh.Core;

/// <summary>Tells a namespace that is not there from one that is empty.</summary>
internal static class NamespaceCheck
{
    /// <summary>Fails when a plane has no such namespace; not when it can't be told.</summary>
    /// <exception cref="MeshException">ObjectNotFound, naming the namespace and the remedy.</exception>
    public static async Task RequireAsync(
        MeshSession session, MeshPlane plane, string ns, string remedy, CancellationToken cancellationToken)
    {
        try
        {
            if (await session[plane].FindAsync(KubernetesKind.Namespace, null, ns, cancellationToken)
                .ConfigureAwait(false) is null)
            {
                throw new MeshException(
                    MeshErrorCode.ObjectNotFound,
                    $"Namespace '{ns}' does not exist on the {session.NameOf(plane)} ({session[plane].Server}). {remedy}",
                    ns);
            }
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.Forbidden)
        {
            // Namespaces are cluster-scoped, so many may not read them.
        }
    }
}
