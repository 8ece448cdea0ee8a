using System.Net;

namespace HybridMesh.Lab;

/// <summary>
/// The claim on a block of addresses: a locked file, which the kernel unlocks when the lab ends in whatever way.
/// </summary>
internal sealed class BlockClaim : IDisposable
{
    private const string Folder = "/run/hybridmesh-lab";

    /// <summary>Pods and ClusterIPs of block n have 127.(20+2n) and the next: more do not fit below 127.168.</summary>
    private const int Blocks = 70;

    private readonly FileStream _file;

    private BlockClaim(FileStream file, int number)
    {
        _file = file;
        Block = new AddressBlock(number);
    }

    public AddressBlock Block { get; }

    public static async Task<BlockClaim> TakeAsync(CancellationToken cancellationToken)
    {
        FolderTree.Create(Folder);
        for (int number = 0; number < Blocks; number++)
        {
            if (LockFile.TryTake(Path.Combine(Folder, $"block-{number}.lock")) is not { } file)
            {
                continue;
            }

            BlockClaim claim = new(file, number);
            // A lab that was killed a moment ago may still be dying; another machine's lab in this network is not.
            IPEndPoint first = new(claim.Block.Vm(0), VmHost.SshPort);
            for (int attempt = 0; attempt < 20; attempt++)
            {
                if (!await Waiting.AnswersAsync(first, cancellationToken).ConfigureAwait(false))
                {
                    return claim;
                }

                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }

            claim.Dispose();
        }

        throw new LabException($"All {Blocks} address blocks are taken by labs that are running on this machine.");
    }

    public void Dispose() => _file.Dispose();
}
