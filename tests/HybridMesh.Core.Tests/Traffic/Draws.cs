namespace HybridMesh.Core.Tests;

internal static class Draws
{
    /// <summary>Counts of independent draws, as a mesh makes them.</summary>
    public static int[] Multinomial(Random random, int total, double[] shares)
    {
        int[] counts = new int[shares.Length];
        for (int i = 0; i < total; i++)
        {
            counts[One(random, shares)]++;
        }

        return counts;
    }

    /// <summary>The version of one draw; never one whose share is 0.</summary>
    public static int One(Random random, double[] shares)
    {
        double draw = random.NextDouble();
        int version = 0;
        while (version < shares.Length - 1 && draw >= shares[version])
        {
            draw -= shares[version++];
        }

        return version;
    }
}
