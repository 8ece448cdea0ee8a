namespace HybridMesh.Core.Tests;

internal static class Draws
{
    /// <summary>Counts of independent draws, as a mesh makes them.</summary>
    public static int[] Multinomial(Random random, int total, double[] shares)
    {
        int[] counts = new int[shares.Length];
        for (int i = 0; i < total; i++)
        {
            double draw = random.NextDouble();
            int version = 0;
            while (version < shares.Length - 1 && draw >= shares[version])
            {
                draw -= shares[version++];
            }

            counts[version]++;
        }

        return counts;
    }
}
