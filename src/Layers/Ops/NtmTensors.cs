using GpuNets.Kernels;

namespace GpuNets;

/// <summary>One controller layer as tensors; the recurrent part is null in a feed-forward controller.</summary>
internal sealed record NtmLayerTensors(Tensor Weight, Tensor Bias, Tensor? RecurrentWeight, Tensor? RecurrentBias);

/// <summary>A weight matrix [out, in] and its bias [out].</summary>
internal sealed record NtmAffineTensors(Tensor Weight, Tensor Bias);

/// <summary>
/// What a Neural Turing Machine learns: controller layers, heads (read heads first), output layer, and the initial state that all sequences
/// share: read vectors [R, M], weightings [H, N], memory [N, M], controller state and cells [Layers, Width] (any shape of that size).
/// </summary>
internal sealed record NtmTensors(
    NtmLayerTensors[] Layers, NtmAffineTensors[] Heads, NtmAffineTensors Output,
    Tensor FirstReads, Tensor FirstWeights, Tensor FirstMemory, Tensor FirstHidden, Tensor? FirstCells)
{
    /// <summary>Every tensor once.</summary>
    public IEnumerable<Tensor> All
    {
        get
        {
            foreach (var layer in Layers)
            {
                yield return layer.Weight;
                yield return layer.Bias;
                if (layer.RecurrentWeight is { } weight) yield return weight;
                if (layer.RecurrentBias is { } bias) yield return bias;
            }
            foreach (var affine in Heads.Append(Output))
            {
                yield return affine.Weight;
                yield return affine.Bias;
            }
            yield return FirstReads;
            yield return FirstWeights;
            yield return FirstMemory;
            yield return FirstHidden;
            if (FirstCells is { } cells) yield return cells;
        }
    }

    /// <summary>The buffers, after a check of their sizes.</summary>
    /// <exception cref="ShapeException">A tensor does not have the size that <paramref name="z"/> asks for.</exception>
    public NtmBuffers Buffers(NtmSizes z)
    {
        static DeviceBuffer Take(string name, Tensor tensor, int count) => tensor.Count == count
            ? tensor.Buffer
            : throw new ShapeException("NeuralTuringMachine", $"{name} has {tensor.Count} values ({tensor.Shape}) but needs {count}.");
        static NtmAffine Affine(string name, Tensor weight, Tensor bias, int outputs, int inputs) =>
            new(Take($"the weight of {name}", weight, outputs * inputs), Take($"the bias of {name}", bias, outputs));
        return new NtmBuffers(
            [.. Layers.Select((layer, l) => new NtmLayer(
                Affine($"layer {l}", layer.Weight, layer.Bias, z.GateWidth, z.LayerInputs(l)),
                layer is { RecurrentWeight: { } weight, RecurrentBias: { } bias } ? Affine($"the recurrent part of layer {l}", weight, bias, z.GateWidth, z.Width) : null))],
            [.. Heads.Select((head, h) => Affine($"head {h}", head.Weight, head.Bias, h < z.Reads ? z.AddressWidth : z.WriteWidth, z.Width))],
            Affine("the output layer", Output.Weight, Output.Bias, z.Outputs, z.OutputWidth),
            Take("the first read vectors", FirstReads, z.ReadWidth), Take("the first weightings", FirstWeights, z.Heads * z.Rows),
            Take("the first memory", FirstMemory, z.Cells), Take("the first controller state", FirstHidden, z.Layers * z.Width),
            FirstCells is { } cells ? Take("the first controller cells", cells, z.Layers * z.Width) : null);
    }
}
