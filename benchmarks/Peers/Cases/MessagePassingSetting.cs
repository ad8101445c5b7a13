using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>
/// enn-s2s at the authors' sizes (d 50, T 6, M 12, four layers of 50 in the edge network), a batch of molecules as complete graphs with raw distances, and the
/// weights that both sides begin with.
/// </summary>
internal sealed class MessagePassingSetting
{
    public const float LearningRate = 1.3e-4f;

    /// <param name="molecules">Molecules of a batch.</param>
    /// <param name="atoms">Atoms of each.</param>
    public MessagePassingSetting(int molecules, int atoms)
    {
        (Molecules, Nodes) = (molecules, molecules * atoms);
        List<int> sources = [], targets = [];
        for (int a = 0; a < atoms; a++)
        {
            for (int b = 0; b < atoms; b++)
            {
                if (a == b) continue;
                sources.Add(a);
                targets.Add(b);
            }
        }
        One = new EdgeList(atoms, [.. sources], [.. targets]);
        X = HostArray.Normal("x", 1, 1, Nodes, Model.Inputs);
        Edges = HostArray.Normal("edges", 2, 1, molecules * sources.Count, Model.EdgeInputs);
        Values = HostArray.Normal("values", 3, 1, molecules, 1);
        using var device = Device.Open("cpu");
        var made = new MessagePassingNetwork(new Vars(device, seed: 1), Model);
        Weights = [.. made.Parameters.Select(parameter => parameter.ToHost(parameter.Path))];
    }

    public MessagePassingOptions Model { get; } = MessagePassingOptions.EdgeNetworkSetToSet();

    public int Molecules { get; }

    public int Nodes { get; }

    /// <summary>One molecule; all have the same edges.</summary>
    public EdgeList One { get; }

    public HostArray X { get; }

    public HostArray Edges { get; }

    /// <summary>Standardised targets.</summary>
    public HostArray Values { get; }

    /// <summary>Parameters by their names in GpuNets.</summary>
    public IReadOnlyList<HostArray> Weights { get; }
}
