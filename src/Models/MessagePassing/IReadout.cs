namespace GpuNets.Models;

/// <summary>R of the framework: y = R({h_v^T}) (eq. 3), the same for every order of the nodes.</summary>
public interface IReadout
{
    /// <summary>Reads the graphs.</summary>
    /// <param name="states">h^0 to h^T, each [nodes, d].</param>
    /// <param name="input">The graphs.</param>
    /// <returns>[graphs, outputs].</returns>
    Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input);
}
