using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="MessagePassingNetwork"/>; batching the graphs is part of every step.</summary>
internal sealed class GpuNetsMessagePassingTraining : IWork
{
    private readonly Device _device;
    private readonly MessagePassingSetting _setting;
    private readonly MessagePassingNetwork _network;
    private readonly Adam _optimizer;
    private readonly EdgeList[] _graphs;
    private float _loss;

    public GpuNetsMessagePassingTraining(Device device, MessagePassingSetting setting)
    {
        (_device, _setting) = (device, setting);
        _network = new MessagePassingNetwork(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        _optimizer = new Adam(_network.Parameters, MessagePassingSetting.LearningRate);
        _graphs = [.. Enumerable.Repeat(setting.One, setting.Molecules)];
    }

    public void Run()
    {
        Gradients();
        _optimizer.Step();
        _device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        Gradients();
        HostArray[] gradients = [.. _network.Parameters.Select(parameter => parameter.Gradient!.ToHost(parameter.Path))];
        foreach (var parameter in _network.Parameters) parameter.ClearGradient();
        return TrainingOutputs.Of(_loss, gradients);
    }

    public void Dispose() { }

    private void Gradients()
    {
        using var tape = _device.Record();
        var input = new GraphInput(_device.Graphs(_graphs), Put(_setting.X)) { Edges = Put(_setting.Edges) };
        var loss = _network.Forward(input).MeanSquaredError(Put(_setting.Values));
        tape.Backward(loss);
        _loss = loss.Item();
    }

    private Tensor Put(HostArray array) => _device.Tensor(array.Values, new Shape(array.Shape));
}
